using System.Reflection;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Events;

namespace VpcComApi.VirtualMachines.Tests.Channels;

[TestFixture]
internal sealed class ChannelEventIdsTests
{
    [Test]
    public void Every_id_is_described_once_in_order_and_in_its_range()
    {
        IEnumerable<(string, int)> constants = typeof(ChannelEventIds).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .Select(field => (field.Name, (int)field.GetRawConstantValue()!))
            .OrderBy(constant => constant.Item2);

        IReadOnlyList<MachineEventDescription> all = ChannelEventIds.All;

        Assert.That(all.Select(description => (description.Name, description.Id)), Is.EqualTo(constants));
        Assert.That(all.Select(description => description.Id), Is.Unique.And.All.InRange(2000, 2999));
    }
}

using System.Reflection;
using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Events;

namespace VpcComApi.VirtualMachines.Tests.Events;

/// <summary>The list of event ids contains every id.</summary>
[TestFixture]
internal sealed class MachineEventIdsTests
{
    [Test]
    public void Every_id_is_described_once_under_its_name()
    {
        Dictionary<string, int> constants = typeof(MachineEventIds).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => field.IsLiteral)
            .ToDictionary(field => field.Name, field => (int)field.GetRawConstantValue()!);

        Assert.That(MachineEventIds.All.ToDictionary(item => item.Name, item => item.Id), Is.EquivalentTo(constants));
        Assert.That(MachineEventIds.All.Select(item => item.Id), Is.Unique.And.Ordered.And.All.InRange(1000, 1999));
        Assert.That(MachineEventIds.All.Select(item => item.Meaning), Is.All.Not.Empty);
    }

    [Test]
    public void Every_message_has_an_id_of_its_own_in_the_list()
    {
        int[] used = [.. typeof(MachineLog).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .Select(message => message.EventId)];

        Assert.That(used, Is.EquivalentTo(MachineEventIds.All.Select(item => item.Id)));
    }
}

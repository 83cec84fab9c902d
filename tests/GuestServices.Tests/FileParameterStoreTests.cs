using VpcComApi.GuestServices.Machines;
using VpcComApi.GuestServices.Machines.Real;
using VpcComApi.TestSupport;

namespace VpcComApi.GuestServices.Tests;

public sealed class FileParameterStoreTests
{
    [Test]
    public async Task Parameters_outlive_the_service()
    {
        using TestDirectory folder = new();
        string file = folder.PathOf("state", "parameters.json");
        await new FileParameterStore(file).SetAsync("Name", "value", CancellationToken.None);
        await new FileParameterStore(file).SetAsync("Other", "too", CancellationToken.None);

        FileParameterStore later = new(file);

        Assert.That((later.Get("NAME"), later.Get("other"), later.Get("none")), Is.EqualTo(("value", "too", (string?)null)));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(file)!), Is.EqualTo(new[] { file }));
    }

    [Test]
    public void A_damaged_file_is_named_and_not_overwritten()
    {
        using TestDirectory folder = new();
        string file = folder.WriteText("parameters.json", "{ damaged");

        Assert.That(
            async () => await new FileParameterStore(file).SetAsync("Name", "value", CancellationToken.None),
            Throws.InstanceOf<RequestRefusedException>().With.Message.Contains(file));
        Assert.That(File.ReadAllText(file), Is.EqualTo("{ damaged"));
    }

    [Test]
    public async Task There_is_room_for_so_many_parameters_and_no_more()
    {
        using TestDirectory folder = new();
        FileParameterStore store = new(folder.PathOf("parameters.json"));
        for (int i = 0; i < ParameterLimits.MaxParameters; i++)
        {
            await store.SetAsync($"name{i}", "value", CancellationToken.None);
        }

        Assert.That(
            async () => await store.SetAsync("one more", "value", CancellationToken.None), Throws.InstanceOf<RequestRefusedException>());
        await store.SetAsync("name0", "changed", CancellationToken.None);
        Assert.That(store.Get("name0"), Is.EqualTo("changed"));
    }
}

using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Tests.Providers;

/// <summary>The resources of a machine are released part by part.</summary>
[TestFixture]
internal sealed class CleanUpTests
{
    [Test]
    public async Task Every_part_is_given_back_whatever_became_of_the_others_and_of_the_log()
    {
        List<string> taken = [];
        List<string> told = [];

        await CleanUp.RunAsync(
            failure =>
            {
                told.Add(failure.Message);
                throw new IOException("the log takes no entry");
            },
            TimeProvider.System,
            () => throw new InvalidOperationException("at once"),
            async () =>
            {
                await Task.Yield();
                throw new IOException("later");
            },
            () =>
            {
                taken.Add("the last");
                return ValueTask.CompletedTask;
            });

        Assert.That(taken, Is.EqualTo(["the last"]));
        Assert.That(told, Is.EqualTo(["at once", "later"]));
    }
}

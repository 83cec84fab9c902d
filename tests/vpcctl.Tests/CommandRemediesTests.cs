using VpcComApi.CommandLine.Tests.Fakes;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class CommandRemediesTests
{
    [Test]
    public void Every_remedy_of_the_domain_has_a_command_that_there_is([Values] RemedyAction action)
    {
        using CommandRun run = new(new FakeMachines(new FakeMachine("My XP")));

        string command = CommandRemedies.CommandFor(new Remedy(action, "/vm/My XP.vhd"));

        Assert.That(command, Does.Contain("\"/vm/My XP.vhd\""));
        string[] words = command.Replace("\"/vm/My XP.vhd\"", "FILE", StringComparison.Ordinal).Split(' ');
        Assert.That(new VpcctlCommand(run.Services).Parse(words[1..]).Errors.Select(error => error.Message), Is.Empty, command);
    }

    [TestCase("XP", "vpcctl discard XP")]
    [TestCase("Windows XP Mode", "vpcctl discard \"Windows XP Mode\"")]
    [TestCase("a;b", "vpcctl discard \"a;b\"")]
    [TestCase("It's", "vpcctl discard \"It's\"")]
    [TestCase("$HOME it's", @"vpcctl discard '$HOME it'\''s'", IncludePlatform = "Linux")]
    public void A_machine_is_named_as_a_shell_takes_it(string machine, string command) =>
        Assert.That(CommandRemedies.CommandFor(new Remedy(RemedyAction.DiscardSavedState, machine)), Is.EqualTo(command));

    [Test]
    public void A_refusal_that_another_one_caused_keeps_its_remedy()
    {
        VirtualMachineException cause = new(VirtualMachineError.ParentModified, "It has changed.")
        {
            Remedy = new Remedy(RemedyAction.AcceptChangedParent, "XP"),
        };

        Assert.That(
            Failure.Of(new VirtualMachineException(VirtualMachineError.ParentInUse, "It failed.", cause)).Message,
            Is.EqualTo("It failed. Try: vpcctl start XP --trust-parent"));
    }
}

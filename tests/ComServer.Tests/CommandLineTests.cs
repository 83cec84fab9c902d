namespace VpcComApi.ComServer.Tests;

[TestFixture]
internal sealed class CommandLineTests
{
    [TestCase("/RegServer", (int)ServerCommand.Register)]
    [TestCase("-regserver", (int)ServerCommand.Register)]
    [TestCase("/REGSERVERPERUSER", (int)ServerCommand.RegisterPerUser)]
    [TestCase("/UnregServer", (int)ServerCommand.Unregister)]
    [TestCase("-UnregServer", (int)ServerCommand.Unregister)]
    [TestCase("/Embedding", (int)ServerCommand.Serve)]
    [TestCase("-Embedding", (int)ServerCommand.Serve)]
    [TestCase("/?", (int)ServerCommand.Help)]
    [TestCase("-?", (int)ServerCommand.Help)]
    public void A_switch_is_understood_with_slash_or_hyphen_in_any_case(string argument, int expected)
    {
        bool understood = CommandLine.TryParse([argument], out ServerCommand command, out string? problem);

        Assert.That(understood, Is.True, problem);
        Assert.That(command, Is.EqualTo((ServerCommand)expected));
    }

    [Test]
    public void Without_arguments_the_program_explains_itself()
    {
        bool understood = CommandLine.TryParse([], out ServerCommand command, out _);

        Assert.That(understood, Is.True);
        Assert.That(command, Is.EqualTo(ServerCommand.Help));
        Assert.That(CommandLine.Help, Does.Contain("VirtualPC.Application").And.Contain("/UnregServer").And.Contain("/RegServerPerUser"));
    }

    [TestCase("RegServer")]
    [TestCase("/Reg")]
    [TestCase("--Embedding")]
    [TestCase("/")]
    [TestCase("")]
    public void An_unknown_argument_is_refused_by_name(string argument)
    {
        bool understood = CommandLine.TryParse([argument], out _, out string? problem);

        Assert.That(understood, Is.False);
        Assert.That(problem, Does.Contain($"\"{argument}\""));
    }

    [Test]
    public void Two_switches_are_refused()
    {
        bool understood = CommandLine.TryParse(["/RegServer", "/UnregServer"], out _, out string? problem);

        Assert.That(understood, Is.False);
        Assert.That(problem, Does.Contain("2"));
    }
}

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
    [TestCase("/verify", (int)ServerCommand.Verify)]
    [TestCase("-Verify", (int)ServerCommand.Verify)]
    public void A_switch_is_understood_with_slash_or_hyphen_in_any_case(string argument, int expected)
    {
        bool understood = CommandLine.TryParse([argument], out ServerCommand command, out _, out string? problem);

        Assert.That(understood, Is.True, problem);
        Assert.That(command, Is.EqualTo((ServerCommand)expected));
    }

    [Test]
    public void Without_arguments_the_program_explains_itself()
    {
        bool understood = CommandLine.TryParse([], out ServerCommand command, out _, out _);

        Assert.That(understood, Is.True);
        Assert.That(command, Is.EqualTo(ServerCommand.Help));
        Assert.That(
            CommandLine.Help,
            Does.Contain("VirtualPC.Application").And.Contain("/UnregServer").And.Contain("/RegServerPerUser").And.Contain("/Verify"));
    }

    [TestCase("RegServer")]
    [TestCase("/Reg")]
    [TestCase("--Embedding")]
    [TestCase("/")]
    [TestCase("")]
    public void An_unknown_argument_is_refused_by_name(string argument)
    {
        bool understood = CommandLine.TryParse([argument], out _, out _, out string? problem);

        Assert.That(understood, Is.False);
        Assert.That(problem, Does.Contain($"\"{argument}\""));
    }

    [Test]
    public void Two_switches_are_refused()
    {
        bool understood = CommandLine.TryParse(["/RegServer", "/UnregServer"], out _, out _, out string? problem);

        Assert.That(understood, Is.False);
        Assert.That(problem, Does.Contain("2"));
    }

    [Test]
    public void The_report_of_a_verification_is_written_to_the_given_path()
    {
        bool understood = CommandLine.TryParse(
            ["/Verify", @"C:\a report.txt"], out ServerCommand command, out IReadOnlyList<string> operands, out string? problem);

        Assert.That(understood, Is.True, problem);
        Assert.That(command, Is.EqualTo(ServerCommand.Verify));
        Assert.That(operands, Is.EqualTo((string[])[@"C:\a report.txt"]));
    }

    [TestCase("/VerificationServer", "{id}", "folder", "-Embedding", Description = "As COM starts it.")]
    [TestCase("/VerificationServer", "{id}", "folder")]
    public void A_server_for_a_verification_gets_its_class_and_folder(params string[] arguments)
    {
        bool understood = CommandLine.TryParse(
            arguments, out ServerCommand command, out IReadOnlyList<string> operands, out string? problem);

        Assert.That(understood, Is.True, problem);
        Assert.That(command, Is.EqualTo(ServerCommand.ServeVerification));
        Assert.That(operands, Is.EqualTo((string[])["{id}", "folder"]));
    }

    [TestCase("/Verify", "one", "two")]
    [TestCase("/VerificationServer", "{id}", "-Embedding")]
    [TestCase("/VerificationClient")]
    [TestCase("/Verify", "-Embedding", "-Embedding")]
    public void Too_many_or_too_few_operands_are_refused(params string[] arguments)
    {
        bool understood = CommandLine.TryParse(arguments, out _, out _, out string? problem);

        Assert.That(understood, Is.False);
        Assert.That(problem, Does.Contain("operands"));
    }
}

using VpcComApi.CommandLine.Com;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines;

namespace VpcComApi.CommandLine.Tests;

[Parallelizable(ParallelScope.All)]
public sealed class ComErrorsTests
{
    [TestCase(HResults.VM_E_VM_UNKNOWN, ExpectedResult = ExitCode.NoSuchMachine)]
    [TestCase(HResults.VM_E_TIMED_OUT, ExpectedResult = ExitCode.TimedOut)]
    [TestCase(HResults.VM_E_VM_RUNNING, ExpectedResult = ExitCode.Failed)]
    [TestCase(unchecked((int)0x80040154), ExpectedResult = ExitCode.HostUnavailable)]
    [TestCase(unchecked((int)0x80080005), ExpectedResult = ExitCode.HostUnavailable)]
    [TestCase(unchecked((int)0x800706BA), ExpectedResult = ExitCode.HostUnavailable)]
    public object A_failed_call_has_its_exit_code(int result) =>
        Failure.Of(ComErrors.ToException(Thrown("x", result), "The server's text.")).ExitCode;

    [Test]
    public void A_running_shutdown_is_distinguished_from_other_failures() => Assert.That(
        Failure.IsOf(
            ComErrors.ToException(
                Thrown("x", HResults.HRESULT_FROM_WIN32_ERROR_SHUTDOWN_IN_PROGRESS), text: null), VirtualMachineError.ShutdownInProgress),
        Is.True);

    [Test]
    public void The_servers_text_is_shown() => Assert.That(
        ComErrors.ToException(Thrown("0xA0040500", HResults.VM_E_VM_RUNNING), "The machine runs.").Message,
        Is.EqualTo("The machine runs."));

    [TestCase(HResults.VM_E_PARENT_MODIFIED, "vpcctl start NAME --trust-parent")]
    [TestCase(HResults.VM_E_PREF_SAVED_STATE_BAD_VERSION, "vpcctl discard NAME")]
    [TestCase(HResults.VM_E_PREF_UNLOADABLE_ACTIVATION, "vpcctl discard NAME")]
    public void The_command_that_helps_is_shown_although_the_servers_text_names_a_member(int result, string command) => Assert.That(
        Failure.Of(ComErrors.ToException(Thrown("x", result), "It cannot be. (VirtualMachine.Member)")).Message,
        Is.EqualTo($"It cannot be. (VirtualMachine.Member) Try: {command}"));

    [Test]
    public void Without_text_the_contracts_name_is_shown() => Assert.That(
        ComErrors.ToException(Thrown("0xA0040500", HResults.VM_E_VM_RUNNING), text: null).Message,
        Is.EqualTo("vpc.exe refused it: VM_E_VM_RUNNING (0xA0040500)."));

    [Test]
    public void Without_text_and_name_the_number_is_shown() => Assert.That(
        ComErrors.ToException(Thrown("Some text. (0x8ABCDEF0)\r\n", unchecked((int)0x8ABCDEF0)), text: null).Message,
        Is.EqualTo("vpc.exe refused it: Some text. (0x8ABCDEF0)."));

    private static InvalidOperationException Thrown(string message, int result) =>
        new InvalidOperationException(message) { HResult = result };
}

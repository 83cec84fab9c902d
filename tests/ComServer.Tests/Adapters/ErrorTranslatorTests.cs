using Microsoft.Extensions.Logging;
using VpcComApi.ComServer.Adapters;
using VpcComApi.Interop;
using VpcComApi.VirtualMachines;

namespace VpcComApi.ComServer.Tests.Adapters;

[TestFixture]
internal sealed class ErrorTranslatorTests
{
    private RecordingLogger<ErrorTranslator> log = null!;
    private ErrorTranslator translator = null!;

    [SetUp]
    public void Make_the_translator()
    {
        log = new RecordingLogger<ErrorTranslator>();
        translator = new ErrorTranslator(log);
    }

    [Test]
    public void A_refusal_keeps_its_text_and_is_not_logged_again()
    {
        ComError error = translator.Translate(
            new VirtualMachineException(VirtualMachineError.MachineNotRunning, "TurnOff: \"XP\" is off."));

        Assert.That(error, Is.EqualTo(new ComError(HResults.VM_E_VM_NOT_RUNNING, "TurnOff: \"XP\" is off.")));
        Assert.That(log.Entries, Is.Empty);
    }

    [TestCase(RemedyAction.DiscardSavedState, "VirtualMachine.DiscardSavedState")]
    [TestCase(RemedyAction.AcceptChangedParent, "VirtualMachine.Startup2 with vmStartupOption_FixParentTimestampMismatch, 1")]
    [TestCase(RemedyAction.ChangeUndoAction, "VirtualMachine.UndoAction")]
    [TestCase(RemedyAction.RegisterMachine, "VirtualPC.RegisterVirtualMachine")]
    [TestCase(RemedyAction.TypeKeySequence, "Keyboard.TypeKeySequence")]
    [TestCase(RemedyAction.SetParent, "HardDisk.Parent")]
    [TestCase(RemedyAction.CopyToNewDisk, "HardDisk.Convert")]
    [TestCase(RemedyAction.CompactDisk, "HardDisk.Compact")]
    public void A_refusal_names_the_member_that_helps(RemedyAction action, string member)
    {
        ComError error = translator.Translate(
            new VirtualMachineException(VirtualMachineError.NotPossibleNow, "It cannot be.") { Remedy = new Remedy(action, "XP") });

        Assert.That(error.Description, Is.EqualTo($"It cannot be. ({member})"));
        string[] names = member.Split(' ')[0].Split('.');
        Assert.That(
            typeof(IVMVirtualMachine).Assembly.GetType(
                $"{typeof(IVMVirtualMachine).Namespace}.IVM{names[0]}")!.GetMethods().Select(method => method.Name),
            Has.Some.EqualTo(names[1]).Or.Some.EqualTo("put_" + names[1]));
    }

    [Test]
    public void A_member_that_is_not_there_yet_is_named()
    {
        ComError error = translator.Translate(new MemberNotImplementedException("IVMVirtualMachine", "get_FloppyDrives"));

        Assert.That(error.HResult, Is.EqualTo(ErrorTable.NotImplemented));
        Assert.That(error.Description, Does.Contain("IVMVirtualMachine.FloppyDrives"));
    }

    [Test]
    public void What_nobody_foresaw_is_DISP_E_EXCEPTION_with_a_text_and_a_log_entry()
    {
        InvalidOperationException cause = new("the flux is out of phase");

        ComError error = translator.Translate(cause);

        Assert.That(error.HResult, Is.EqualTo(HResults.DISP_E_EXCEPTION));
        Assert.That(error.Description, Does.Contain("the flux is out of phase"));
        Assert.That(log.Entries, Has.Count.EqualTo(1));
        Assert.That(log.Entries[0].Exception, Is.SameAs(cause));
        Assert.That(log.Entries[0].Level, Is.EqualTo(LogLevel.Error));
    }

    [Test]
    public void A_VARIANT_that_cannot_be_read_is_an_invalid_argument() =>
        Assert.That(translator.Translate(new ArgumentException("VT_CLSID")).HResult, Is.EqualTo(HResults.E_INVALIDARG));

    [Test]
    public void A_call_that_the_end_of_the_process_cuts_short_says_so() =>
        Assert.That(translator.Translate(new OperationCanceledException()).HResult, Is.EqualTo(HResults.VM_E_APP_SHUTTING_DOWN));
}

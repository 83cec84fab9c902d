using VpcComApi.VirtualMachines.Peripherals;
using VpcComApi.VirtualMachines.Providers;

namespace VpcComApi.VirtualMachines.Tests.Peripherals;

/// <summary>Keyboards of callers at one machine.</summary>
[TestFixture]
internal sealed class KeyboardTests
{
    private HostFixture fixture = null!;
    private MachineKeyboard keyboard = null!;
    private FakeDevices devices = null!;

    [SetUp]
    public void Open()
    {
        fixture = new HostFixture();
        devices = new FakeDevices();
        fixture.Provider.Prepare = machine => machine.Devices = devices;
        keyboard = fixture.Machine.OpenKeyboard();
    }

    [TearDown]
    public async Task Close()
    {
        keyboard.Dispose();
        await fixture.DisposeAsync();
    }

    [Test]
    public async Task Text_is_typed_with_the_keys_of_a_US_keyboard()
    {
        await fixture.StartAsync();

        await keyboard.TypeAsciiTextAsync("a@\r\n/", CancellationToken.None);

        Assert.That(devices.Moves.Single(), Is.EqualTo("+A -A +LeftShift +D2 -D2 -LeftShift +Enter -Enter +Slash -Slash"));
    }

    [Test]
    public void Every_printable_character_is_typed_by_keys_of_its_own()
    {
        string[] strokes = [.. Enumerable.Range(' ', '~' - ' ' + 1).Select(
            code => string.Join(' ', AsciiTyping.StrokesFor(((char)code).ToString())))];

        Assert.That(strokes, Is.Unique);
    }

    [Test]
    public async Task Every_token_names_a_key_of_its_own_in_whatever_case()
    {
        await fixture.StartAsync();

        foreach (string name in KeyTokens.Names)
        {
            await keyboard.PressAndReleaseKeyAsync($" {name.ToUpperInvariant()} ", CancellationToken.None);
        }

        Assert.That(devices.Moves, Has.Count.EqualTo(103).And.Unique);
        Assert.That(Enum.GetValues<KeyboardKey>(), Is.Unique.And.Length.EqualTo(103));
    }

    [Test]
    public async Task A_sequence_presses_releases_and_holds()
    {
        await fixture.StartAsync();

        await keyboard.TypeKeySequenceAsync("DOWN, Key_LeftCtrl,Key_C,up,Key_LeftCtrl,HOLD,Key_Enter", CancellationToken.None);

        Assert.That(devices.Moves, Is.EqualTo(["+LeftCtrl +C -C -LeftCtrl", "+Enter -Enter"]));
    }

    [TestCase(null, VirtualMachineError.MissingArgument)]
    [TestCase("", VirtualMachineError.InvalidArgument)]
    [TestCase("Key_Nothing", VirtualMachineError.InvalidArgument)]
    [TestCase("Key_A,,Key_B", VirtualMachineError.InvalidArgument)]
    [TestCase("Key_A,DOWN", VirtualMachineError.InvalidArgument)]
    [TestCase("DOWN,HOLD", VirtualMachineError.InvalidArgument)]
    [TestCase("DOWN,UP,Key_A", VirtualMachineError.InvalidArgument)]
    public void A_malformed_sequence_is_refused_before_the_state_is_looked_at(string? sequence, VirtualMachineError error) =>
        Assert.That(async () => await keyboard.TypeKeySequenceAsync(sequence, CancellationToken.None), Refusals.With(error));

    [TestCase(null, VirtualMachineError.MissingArgument)]
    [TestCase("", VirtualMachineError.InvalidArgument)]
    [TestCase("caf\u00e9", VirtualMachineError.InvalidArgument)]
    public void Text_that_no_key_types_is_refused(string? text, VirtualMachineError error) =>
        Assert.That(async () => await keyboard.TypeAsciiTextAsync(text, CancellationToken.None), Refusals.With(error));

    [Test]
    public void A_machine_that_is_off_takes_no_keys_and_has_none_down()
    {
        Assert.That(
            async () => await keyboard.PressKeyAsync("Key_A", CancellationToken.None),
            Refusals.With(VirtualMachineError.MachineNotRunning));
        Assert.That(keyboard.IsPressed("Key_A"), Is.False);
        Assert.That(() => keyboard.IsPressed("?"), Refusals.With(VirtualMachineError.InvalidArgument));
    }

    [Test]
    public async Task A_pressed_key_is_down_for_every_caller_until_it_is_released_or_the_machine_is_started_again()
    {
        await fixture.StartAsync();
        using MachineKeyboard other = fixture.Machine.OpenKeyboard();

        await keyboard.PressKeyAsync("Key_A", CancellationToken.None);
        await keyboard.PressKeyAsync("Key_B", CancellationToken.None);
        Assert.That(other.IsPressed("Key_A"), Is.True);
        await other.ReleaseKeyAsync("Key_A", CancellationToken.None);
        Assert.That(keyboard.IsPressed("Key_A"), Is.False);

        await HostFixture.SucceedAsync(fixture.Machine.TurnOff());
        Assert.That(keyboard.IsPressed("Key_B"), Is.False);
        await fixture.StartAsync();
        Assert.That(keyboard.IsPressed("Key_B"), Is.False);
    }

    [Test]
    public async Task Exclusive_access_drops_the_input_of_others_until_it_is_given_back()
    {
        await fixture.StartAsync();
        MachineKeyboard other = fixture.Machine.OpenKeyboard();
        Assert.That(other.SetExclusiveAccess(true), Is.True);
        Assert.That(other.SetExclusiveAccess(true), Is.False, "it was so already");

        await keyboard.PressKeyAsync("Key_A", CancellationToken.None);
        await other.PressKeyAsync("Key_B", CancellationToken.None);
        Assert.That(() => keyboard.SetExclusiveAccess(true), Refusals.With(VirtualMachineError.ExclusiveAccessRefused));
        Assert.That(keyboard.SetExclusiveAccess(false), Is.False);
        Assert.That(keyboard.HasExclusiveAccess, Is.False);
        other.Dispose();
        await keyboard.PressKeyAsync("Key_C", CancellationToken.None);

        Assert.That(devices.Moves, Is.EqualTo(["+B", "+C"]));
        Assert.That(keyboard.SetExclusiveAccess(true), Is.True);
    }

    [Test]
    public void A_machine_that_is_no_longer_registered_gives_no_exclusive_access()
    {
        fixture.Host.UnregisterVirtualMachine(fixture.Machine);

        Assert.That(() => keyboard.SetExclusiveAccess(true), Refusals.With(VirtualMachineError.ExclusiveAccessRefused));
    }
}

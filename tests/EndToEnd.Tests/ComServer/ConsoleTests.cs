using VpcComApi.EndToEnd.Tests.Cpp;

namespace VpcComApi.EndToEnd.Tests.ComServer;

/// <summary>The console of an emulated guest, and the properties of its guest, through real COM.</summary>
[TestFixture]
internal sealed class ConsoleTests
{
    private static readonly string[] ExpectedFacts =
    [
        "mouse while off: a0040206",
        "thumbnail while off: 00000000 0 lit",
        "version: 00000000 size 284 platform 2 major 1 type 1",
        "exclusive: 00000000 again: 00000001 other: a0040825",
        "after its release: 00000000",
        "type: 00000000",
        "thumbnail changed: 1",
        "dimensions: 00000000 width 800 odd: 80070057",
        "mouse: 00000000",
        "relative: a0040802",
        "absolute: 00000000 123 wheel: a0040801 button: 80070057",
        "serial ports: 2 id 1 bad pipe: 800700a1 null: 80004003",
    ];

    [Test]
    public async Task An_early_bound_client_looks_at_a_guest_and_types()
    {
        await using ComClient client = await ComClient.CreateAsync(CppArchitecture.X64);

        Assert.That(await client.RunAsync("console"), Is.EqualTo(ExpectedFacts));
    }

    [Test]
    public async Task A_script_types_a_text_and_sees_it_in_the_thumbnail()
    {
        await using ComClient client = await ComClient.CreateAsync(CppArchitecture.X64);

        IReadOnlyList<string> lines = await client.RunScriptAsync("""
            Function Lit(display)
                Lit = 0
                For Each pixel In display.Thumbnail
                    If CStr(pixel) <> "0" Then Lit = Lit + 1
                Next
            End Function

            Set application = CreateObject("VirtualPC.Application")
            Set machine = application.FindVirtualMachine("Windows XP Mode")
            picture = machine.Display.Thumbnail
            WScript.Echo "elements: " & LBound(picture) & " to " & UBound(picture) & ", type " & VarType(picture(0)) & ", lit " & Lit(machine.Display)
            machine.SerialPorts(2).Configure 2, "\\.\pipe\console-test", False
            WScript.Echo "serial: " & machine.SerialPorts.Count & " " & machine.SerialPorts.Item(2).Type & " " & machine.SerialPorts(2).Name
            machine.ParallelPorts(1).Name = "LPT1"
            For Each port In machine.ParallelPorts
                WScript.Echo "parallel: " & port.Name
            Next
            machine.Startup.WaitForCompletion 60000
            tries = 0
            Do While Lit(machine.Display) = 0 And tries < 1000
                tries = tries + 1
            Loop
            before = Lit(machine.Display)
            WScript.Echo "lit: " & (before > 0)
            machine.Keyboard.TypeAsciiText "echo " & String(200, "#")
            machine.Keyboard.TypeKeySequence "HOLD,Key_Enter,HOLD,HOLD"
            WScript.Echo "more: " & (Lit(machine.Display) > before)
            machine.Keyboard.PressKey "Key_LeftShift"
            WScript.Echo "pressed: " & machine.Keyboard.IsPressed("Key_LeftShift") & " " & machine.Keyboard.IsPressed("Key_A")
            WScript.Echo "mode: " & machine.Display.VideoMode & " " & machine.Display.Width & " " & machine.Display.Height
            On Error Resume Next
            machine.Keyboard.PressKey "Key_Nothing"
            WScript.Echo Hex(Err.Number) & " " & (Len(Err.Description) > 0)
            Err.Clear
            machine.GuestOS.InstallIntegrationComponents
            WScript.Echo Hex(Err.Number)
            machine.TurnOff.WaitForCompletion -1
            """);

        Assert.That(string.Join('\n', lines), Is.EqualTo("""
            elements: 0 to 3071, type 19, lit 0
            serial: 2 2 \\.\pipe\console-test
            parallel: LPT1
            lit: True
            more: True
            pressed: True False
            mode: 0 640 400
            80070057 True
            0
            """));
    }
}

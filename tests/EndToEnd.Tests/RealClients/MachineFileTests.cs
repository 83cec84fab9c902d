using System.Text;
using VpcComApi.TestSupport;
using VpcComApi.TestSupport.MachineFiles;

namespace VpcComApi.EndToEnd.Tests.RealClients;

/// <summary>Machine files in the shapes that public ones have, read, changed and written back by a script through COM.</summary>
[TestFixture]
internal sealed class MachineFileTests
{
    /// <summary>
    /// Prints the properties of a machine; then reads each value, sets another one, reads it, and sets the first one again. Wine's script
    /// host cannot look into an array of bytes; it can hand one back.
    /// </summary>
    private const string Script = """
        Option Explicit
        Dim application, machine, line, files, keys, value, changed
        Set application = CreateObject("VirtualPC.Application")
        Set machine = application.RegisterVirtualMachine("", WScript.Arguments(0))
        WScript.Echo "memory " & machine.Memory
        WScript.Echo "cards " & machine.NetworkAdapters.Count
        WScript.Echo "serial " & machine.SerialPorts(1).Type & " " & machine.SerialPorts(1).Name
        WScript.Echo "id " & machine.ConfigID
        Set files = CreateObject("Scripting.FileSystemObject")
        Set keys = files.OpenTextFile(WScript.Arguments(1), 1)
        Do While Not keys.AtEndOfStream
            line = keys.ReadLine
            value = machine.GetConfigurationValue(line)
            Select Case VarType(value)
                Case 3
                    WScript.Echo line & " = " & value
                    changed = value Xor 1
                Case 8
                    WScript.Echo line & " = " & Replace(value, Chr(10), "|")
                    changed = value & " <&>" & Chr(10) & "2"
                Case 11
                    If value Then WScript.Echo line & " = true" Else WScript.Echo line & " = false"
                    changed = Not value
                Case Else
                    WScript.Echo line & " has the type " & VarType(value)
                    changed = value
            End Select
            machine.SetConfigurationValue line, changed
            If VarType(value) < 8192 Then
                If machine.GetConfigurationValue(line) <> changed Then WScript.Echo line & " was not changed"
            End If
            machine.SetConfigurationValue line, value
        Loop
        keys.Close
        application.UnregisterVirtualMachine machine
        WScript.Echo "done"
        """;

    /// <summary>Starts a machine, and with a pipe writes to it.</summary>
    private const string StartScript = """
        Option Explicit
        Dim application, machine, pipe, files, began
        Set files = CreateObject("Scripting.FileSystemObject")
        Set application = CreateObject("VirtualPC.Application")
        Set machine = application.RegisterVirtualMachine("", WScript.Arguments(0))
        machine.Startup.WaitForCompletion 60000
        WScript.Echo "state " & machine.State
        If machine.SerialPorts(1).Type = 2 Then
            Set pipe = files.OpenTextFile(machine.SerialPorts(1).Name, 8)
            pipe.Write "ver" & Chr(13)
            pipe.Close
            WScript.Echo "written to " & machine.SerialPorts(1).Name
        Else
            began = Timer
            Do While files.GetFile(WScript.Arguments(1)).Size = 0 And Timer - began < 60
            Loop
        End If
        machine.TurnOff.WaitForCompletion 60000
        application.UnregisterVirtualMachine machine
        WScript.Echo "done"
        """;

    private static IEnumerable<MachineFileShape> Shapes => MachineFileShapes.All("real-machine-file-com");

    [TestCaseSource(nameof(Shapes))]
    public async Task Every_value_is_read_changed_and_written_back_and_no_other_byte_changes(MachineFileShape shape)
    {
        using TestDirectory folder = new();
        string path = folder.PathOf(shape.Name + ".vmc");
        await File.WriteAllBytesAsync(path, shape.Content);
        IReadOnlyList<MachineFileValue> values = MachineFileValue.ReadAll(shape.Content);
        string keys = folder.WriteText("keys.txt", string.Concat(values.Select(value => value.Key + "\r\n")));
        string script = folder.WriteText("machine-file.vbs", Script);

        ProgramResult result = await RegisteredServer.Windows.RunAsync(
            "cscript",
            ["//nologo", .. new[] { script, path, keys }.Select(RegisteredServer.Windows.ToWindowsPath)],
            limit: RegisteredServer.ClientLimit);

        string[] lines = [.. result.OutputLines];
        Assert.That(lines, Has.Length.EqualTo(values.Count + 5), result.ToString());
        Assert.That(lines[0], Is.EqualTo($"memory {shape.Memory}"));
        Assert.That(lines[1], Is.EqualTo($"cards {shape.NetworkCards}"));
        string end = shape.SerialPortType == 1
            ? RegisteredServer.Windows.ToWindowsPath(folder.PathOf(shape.SerialPortName)) : shape.SerialPortName;
        Assert.That(lines[2].TrimEnd(), Is.EqualTo($"serial {shape.SerialPortType} {end}".TrimEnd()));
        Assert.That(
            lines[3],
            shape.ConfigurationId is { } id
                ? Is.EqualTo($"id {{{id.ToString().ToUpperInvariant()}}}")
                : Does.Match(@"^id \{[0-9A-F-]{36}\}$"));
        Assert.That(lines[4..^1].Select(ToAscii), Is.EqualTo(values.Select(Shown).Select(ToAscii)));

        byte[] after = await File.ReadAllBytesAsync(path);
        if (shape.ConfigurationId is not null)
        {
            Assert.That(Encoding.Latin1.GetString(after), Is.EqualTo(Encoding.Latin1.GetString(shape.Content)));
            return;
        }

        // What the file lacked was added when it was registered; all that it held is as it was.
        Assert.That(
            MachineFileValue.ReadAll(after).Where(
                value => value.Key is not ("settings/globalconfigid" or "hardware/bios/chassis/asset_tag"))
                .Select(value => value.ToString()),
            Is.EqualTo(values.Where(value => value.Key != "hardware/bios/chassis/asset_tag").Select(value => value.ToString())));
    }

    [TestCase("Virtual PC 2007")]
    [TestCase("Text file")]
    public async Task A_serial_port_is_wired_as_the_file_says_when_the_machine_runs(string name)
    {
        using TestDirectory folder = new();
        MachineFileShape shape = Shapes.Single(shape => shape.Name == name);
        string path = folder.PathOf(shape.Name + ".vmc");
        await File.WriteAllBytesAsync(path, shape.Content);
        Directory.CreateDirectory(folder.PathOf("logs"));
        string script = folder.WriteText("start.vbs", StartScript);

        ProgramResult result = await RegisteredServer.Windows.RunAsync(
            "cscript",
            ["//nologo", .. new[] { script, path, folder.PathOf(shape.SerialPortName) }.Select(RegisteredServer.Windows.ToWindowsPath)],
            limit: RegisteredServer.ClientLimit);

        string[] expected = shape.SerialPortType == 2 ? ["state 5", $"written to {shape.SerialPortName}", "done"] : ["state 5", "done"];
        Assert.That(result.OutputLines, Is.EqualTo(expected), result.ToString());
        if (shape.SerialPortType == 1)
        {
            Assert.That(
                new FileInfo(folder.PathOf(shape.SerialPortName)).Length,
                Is.GreaterThan(0),
                "the guest's boot text, next to the machine's file");
        }
    }

    private static string Shown(MachineFileValue value) => value.Type == "bytes"
        ? $"{value.Key} has the type 8209" : $"{value.Key} = {value.Text.Replace('\n', '|')}";

    /// <summary>The script host writes in the code page of the console.</summary>
    private static string ToAscii(string text) => string.Concat(text.Where(char.IsAscii));
}

using System.IO.Pipes;
using System.Runtime.Versioning;
using System.Text;
using System.Text.Json;
using VpcComApi.TestSupport;
using VpcComApi.TestSupport.MachineFiles;

namespace VpcComApi.CommandLine.Tests.EndToEnd;

/// <summary>
/// Machine files in the forms of public ones, run with the built program and real guests.
/// </summary>
[Platform("Linux")]
[UnsupportedOSPlatform("windows")]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class MachineFileTests : IAsyncDisposable
{
    private const string WithPipe = "Virtual PC 2007";
    private const string WithTextFile = "Text file";

    private readonly VpcctlEnvironment vpcctl = new();
    private readonly string pipe = "machine-file-" + Guid.NewGuid().ToString("N");

    public async ValueTask DisposeAsync() => await vpcctl.DisposeAsync();

    [Test]
    public async Task Machines_of_all_shapes_are_listed_and_described()
    {
        IReadOnlyList<MachineFileShape> shapes = Bring();

        using JsonDocument list = JsonDocument.Parse((await vpcctl.DoAsync("list", "--json")).Output);

        Assert.That(list.RootElement.GetProperty("problems").GetArrayLength(), Is.Zero);
        Assert.That(
            list.RootElement.GetProperty("machines").EnumerateArray().Select(machine => machine.GetProperty("name").GetString()),
            Is.EquivalentTo(shapes.Select(shape => shape.Name)));
        foreach (MachineFileShape shape in shapes)
        {
            using JsonDocument state = JsonDocument.Parse((await vpcctl.DoAsync("state", shape.Name, "--json")).Output);
            Assert.That(state.RootElement.GetProperty("memoryMegabytes").GetInt32(), Is.EqualTo(shape.Memory), shape.Name);
            Assert.That(state.RootElement.GetProperty("state").GetString(), Is.EqualTo("TurnedOff"), shape.Name);
        }

        foreach (MachineFileShape shape in shapes.Where(shape => shape.ConfigurationId is not null))
        {
            Assert.That(await File.ReadAllBytesAsync(FileOf(shape)), Is.EqualTo(shape.Content), shape.Name);
        }
    }

    [Test]
    public async Task The_pipe_that_a_file_of_Virtual_PC_2007_names_is_there_and_the_guest_answers()
    {
        Bring();
        await vpcctl.DoAsync("start", WithPipe);

        await using (NamedPipeClientStream client = new(".", $@"{pipe}\Debug", PipeDirection.InOut, PipeOptions.Asynchronous))
        {
            await Wait.UntilAsync(client.ConnectAsync(), "the pipe");
            await client.WriteAsync("echo words\r"u8.ToArray());
            StringBuilder seen = new();
            byte[] buffer = new byte[256];
            while (!seen.ToString().Contains("\nwords", StringComparison.Ordinal))
            {
                Task<int> reading = client.ReadAsync(buffer).AsTask();
                await Wait.UntilAsync(reading, "the guest's answer");
                seen.Append(Encoding.ASCII.GetString(buffer, 0, await reading));
            }
        }

        await vpcctl.DoAsync("stop", WithPipe);
    }

    [Test]
    public async Task A_relative_text_file_is_written_beside_the_machine()
    {
        MachineFileShape shape = Bring().Single(shape => shape.Name == WithTextFile);
        string file = Path.Combine(Path.GetDirectoryName(FileOf(shape))!, shape.SerialPortName);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);

        await vpcctl.DoAsync("start", WithTextFile);
        await vpcctl.DoAsync("stop", WithTextFile);

        Assert.That(new FileInfo(file).Length, Is.GreaterThan(10), "the guest's boot text");
    }

    [Test]
    public async Task A_run_leaves_every_value_of_the_file_that_it_did_not_set()
    {
        MachineFileShape shape = Bring().Single(shape => shape.Name == WithPipe);
        await vpcctl.DoAsync("start", WithPipe);
        await vpcctl.DoAsync("stop", WithPipe);

        string[] after = [.. MachineFileValue.ReadAll(await File.ReadAllBytesAsync(FileOf(shape))).Select(value => value.ToString())];

        Assert.That(after.Intersect(MachineFileValue.ReadAll(shape.Content).Select(value => value.ToString())), Is.EqualTo(
            MachineFileValue.ReadAll(shape.Content).Select(value => value.ToString())));
    }

    /// <summary>Puts the ten files into a folder, and their names where the program keeps those of its machines.</summary>
    private IReadOnlyList<MachineFileShape> Bring()
    {
        IReadOnlyList<MachineFileShape> shapes = MachineFileShapes.All(pipe);
        foreach (MachineFileShape shape in shapes)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FileOf(shape))!);
            File.WriteAllBytes(FileOf(shape), shape.Content);
        }

        File.WriteAllLines(Path.Combine(vpcctl.DataFolder, "Registrations.txt"), shapes.Select(FileOf));
        return shapes;
    }

    private string FileOf(MachineFileShape shape) => Path.Combine(vpcctl.DataFolder, "brought along", shape.Name + ".vmc");
}

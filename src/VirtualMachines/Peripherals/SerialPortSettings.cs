using System.Text;
using VpcComApi.VirtualMachines.Channels;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.Peripherals;

/// <summary>What one serial port of a machine is wired to.</summary>
/// <param name="Type">The kind of its other end.</param>
/// <param name="Name">The other end: <c>COM1</c>, a full path, <c>\\.\pipe\NAME</c> or <c>\\.\pipe\NAME\PART</c>, or nothing.</param>
/// <param name="ConnectImmediately">
/// For a host port: whether it is opened as the machine starts, and not with the first byte that the guest sends.
/// </param>
public sealed record SerialPortSettings(SerialPortType Type, string Name, bool ConnectImmediately)
{
    private const string HostPortPrefix = "COM";
    private const int HighestHostPort = 256;
    private const string PipeFolder = "pipe";
    private const string ThisComputer = ".";
    private const char Separator = '\\';

    /// <summary>How many parts <c>\\server\pipe\</c> has, the empty ones before the server included.</summary>
    private const int PartsBeforeName = 4;

    /// <summary>A port that is wired to nothing.</summary>
    internal static SerialPortSettings None { get; } = new(SerialPortType.Null, string.Empty, ConnectImmediately: false);

    /// <summary>The bare name of the pipe, which may have several parts: <c>a\b</c>.</summary>
    internal string PipeName => string.Join(Separator, Name.Split(Separator).Skip(PartsBeforeName));

    /// <summary>The number of the host's port.</summary>
    internal int HostPort => int.Parse(Name.AsSpan(HostPortPrefix.Length), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Checks what a caller wants.</summary>
    /// <param name="type">The kind of the other end.</param>
    /// <param name="name">The other end; not looked at for <see cref="SerialPortType.Null"/>.</param>
    /// <param name="connectImmediately">See <see cref="ConnectImmediately"/>.</param>
    /// <exception cref="VirtualMachineException">
    /// <see cref="VirtualMachineError.InvalidArgument"/>: no such type; <see cref="VirtualMachineError.MissingArgument"/>: the name is
    /// null; <see cref="VirtualMachineError.BadPathName"/>: it is empty or not of the type's form;
    /// <see cref="VirtualMachineError.InvalidPathName"/>: it holds an illegal character or names no port or pipe of this computer;
    /// <see cref="VirtualMachineError.PathTooLong"/>.
    /// </exception>
    internal static SerialPortSettings Check(SerialPortType type, string? name, bool connectImmediately)
    {
        if (!Enum.IsDefined(type))
        {
            throw new VirtualMachineException(
                VirtualMachineError.InvalidArgument,
                $"{(int)type} is no type of a serial port. Use 0 (a port of the host), 1 (a text file), 2 (a named pipe) or 3 (nothing).");
        }

        if (name is null)
        {
            throw new VirtualMachineException(VirtualMachineError.MissingArgument, "The serial port's other end was not named.");
        }

        return type switch
        {
            SerialPortType.HostPort => new SerialPortSettings(type, CheckHostPort(name), connectImmediately),
            SerialPortType.TextFile => new SerialPortSettings(type, PathRules.Check(name), ConnectImmediately: false),
            SerialPortType.NamedPipe => new SerialPortSettings(type, CheckPipe(name), ConnectImmediately: false),
            _ => None,
        };
    }

    /// <summary>Whether two ports are wired to the same thing.</summary>
    internal bool SharesEndWith(SerialPortSettings other) =>
        Type != SerialPortType.Null && Type == other.Type && Name.Equals(other.Name, StringComparison.OrdinalIgnoreCase);

    private static string CheckHostPort(string name)
    {
        if (name.Length == 0)
        {
            throw Refused(VirtualMachineError.BadPathName, "An empty text names no serial port of the host. Names are like COM1.");
        }

        return name.StartsWith(HostPortPrefix, StringComparison.OrdinalIgnoreCase)
            && int.TryParse(name.AsSpan(HostPortPrefix.Length), System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture, out int number)
            && number is >= 1 and <= HighestHostPort
            ? name
            : throw Refused(
                VirtualMachineError.InvalidPathName, $"'{name}' is no serial port of the host. Names are COM1 to COM{HighestHostPort}.");
    }

    private static string CheckPipe(string name)
    {
        if (name.Length > Channels.PipeName.MaximumLength)
        {
            throw Refused(
                VirtualMachineError.PathTooLong,
                $"The pipe name has {name.Length} characters; at most {Channels.PipeName.MaximumLength} are allowed.");
        }

        // \\server\pipe\name, or \\server\pipe\name\part
        string[] parts = name.Split(Separator);
        if (parts.Length <= PartsBeforeName || parts[0].Length > 0 || parts[1].Length > 0 || parts[2].Length == 0 || parts[4].Length == 0
            || !parts[3].Equals(PipeFolder, StringComparison.OrdinalIgnoreCase))
        {
            throw Refused(VirtualMachineError.BadPathName, $"'{name}' is no pipe name. Its form is {Channels.PipeName.Prefix}NAME.");
        }

        if (parts.Skip(PartsBeforeName).Any(part => part.Length == 0 || part.Any(IsIllegal)))
        {
            throw Refused(
                VirtualMachineError.InvalidPathName, $"The pipe name '{name}' holds an illegal character, or a part of it is empty.");
        }

        if (parts[2] != ThisComputer && !parts[2].Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase))
        {
            throw Refused(
                VirtualMachineError.InvalidPathName,
                $"'{name}' is a pipe of another computer, and a machine serves pipes of its own host alone: "
                    + $"{Channels.PipeName.Prefix}NAME.");
        }

        if (!OperatingSystem.IsWindows() && Encoding.UTF8.GetByteCount(
            UnixPipePath.Of(string.Join(Separator, parts.Skip(PartsBeforeName)))) > UnixPipePath.MaximumBytes)
        {
            throw Refused(VirtualMachineError.PathTooLong, $"The pipe name '{name}' is too long for this system.");
        }

        return name;

        static bool IsIllegal(char character) => character is '/' or '*' or '?' or '<' or '>' or '|' or '"' || char.IsControl(character);
    }

    private static VirtualMachineException Refused(VirtualMachineError error, string text) => new(error, text);
}

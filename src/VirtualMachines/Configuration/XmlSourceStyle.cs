namespace VpcComApi.VirtualMachines.Configuration;

/// <summary>How a file is written, for what is written into it.</summary>
/// <param name="LineEnd">Its line end.</param>
/// <param name="EmptyEnd">How its empty elements end: <c>/></c>, or with white space before it.</param>
internal readonly record struct XmlSourceStyle(string LineEnd, string EmptyEnd)
{
    private const string WindowsLineEnd = "\r\n";
    private const string UnixLineEnd = "\n";
    private const string VirtualPCEmptyEnd = " />";

    /// <summary>The style of a file: the line end of Windows if a line ends so, and the end of an empty element as one has it.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="emptyTag">The tag of its first empty value, or of another empty element, or null when there is none.</param>
    public static XmlSourceStyle Of(string text, string? emptyTag) => new(
        text.Contains(WindowsLineEnd, StringComparison.Ordinal) ? WindowsLineEnd : UnixLineEnd,
        emptyTag is null ? VirtualPCEmptyEnd : emptyTag[emptyTag.AsSpan()[..^XmlSourceTag.EmptyEnd.Length].TrimEnd().Length..]);
}

using System.Text;
using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Format;

namespace VpcComApi.VirtualDisks.Images;

/// <summary>The places in which a differencing image says that its parent is, and how they are written.</summary>
internal static class ParentPaths
{
    private const string MacScheme = "file";

    /// <summary>
    /// The places, in the order in which they are tried: relative to the image first, because folders are moved as a whole.
    /// </summary>
    /// <param name="file">The image's file.</param>
    /// <param name="header">Its header.</param>
    public static IReadOnlyList<string> Read(IDiskFile file, SparseHeader header)
    {
        string folder = Path.GetDirectoryName(file.Path)!;
        List<string> places = [];
        foreach (ParentLocator locator in header.Locators.OrderBy(locator => locator.Platform != ParentLocator.WindowsRelative))
        {
            Add(locator.Platform switch
            {
                ParentLocator.WindowsRelative or ParentLocator.WindowsAbsolute => ReadText(file, locator, Encoding.Unicode),
                ParentLocator.MacUrl => OfUrl(ReadText(file, locator, Encoding.UTF8)),
                _ => null,
            });
        }

        string name = header.ParentName;
        Add(name);
        Add(name[(name.AsSpan().LastIndexOfAny('\\', '/') + 1)..]);
        return places;

        void Add(string? text)
        {
            if (text is not null && StoredPath.Resolve(
                text.Replace("\0", string.Empty, StringComparison.Ordinal), folder) is { } place && !places.Contains(place))
            {
                places.Add(place);
            }
        }
    }

    /// <summary>The texts of the locators that point from an image to its parent.</summary>
    /// <param name="imagePath">The image's full path.</param>
    /// <param name="parentPath">The parent's full path.</param>
    public static IReadOnlyList<(uint Platform, byte[] Text)> Encode(string imagePath, string parentPath)
    {
        string relative = Path.GetRelativePath(Path.GetDirectoryName(imagePath)!, parentPath);
        List<(uint, byte[])> locators = [(ParentLocator.WindowsAbsolute, Encoding.Unicode.GetBytes(parentPath))];
        if (!Path.IsPathFullyQualified(relative))
        {
            string windows = relative.Replace(Path.DirectorySeparatorChar, '\\');
            string text = windows.StartsWith("..", StringComparison.Ordinal) ? windows : @".\" + windows;
            locators.Add((ParentLocator.WindowsRelative, Encoding.Unicode.GetBytes(text)));
        }

        return locators;
    }

    private static string? OfUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme == MacScheme ? Uri.UnescapeDataString(url.AbsolutePath) : null;

    private static string ReadText(IDiskFile file, ParentLocator locator, Encoding encoding)
    {
        if (locator.Length is <= 0 or > VirtualDiskLimits.MaximumLocatorLength
            || locator.Offset < DiskFooter.Length || locator.Offset > file.Length - locator.Length)
        {
            return string.Empty;
        }

        byte[] bytes = new byte[locator.Length];
        file.Read(locator.Offset, bytes);
        return encoding.GetString(bytes).TrimEnd('\0');
    }
}

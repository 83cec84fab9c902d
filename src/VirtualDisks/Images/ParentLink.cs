using VpcComApi.VirtualDisks.Files;
using VpcComApi.VirtualDisks.Format;

namespace VpcComApi.VirtualDisks.Images;

/// <summary>What a differencing image keeps of its parent.</summary>
/// <param name="imagePath">The image's full path, which relative paths start from.</param>
/// <param name="parentPath">The parent's full path.</param>
/// <param name="parentId">The parent's unique id.</param>
internal sealed class ParentLink(string imagePath, string parentPath, Guid parentId)
{
    /// <summary>Writes the parent's paths behind what is in the file.</summary>
    /// <param name="header">The header so far.</param>
    /// <param name="file">The file.</param>
    /// <param name="end">Where there is room; moved behind what was written.</param>
    /// <returns>The header with the link.</returns>
    public SparseHeader WriteInto(SparseHeader header, IDiskFile file, ref long end)
    {
        List<ParentLocator> locators = [];
        foreach ((uint platform, byte[] text) in ParentPaths.Encode(imagePath, parentPath))
        {
            byte[] sectors = new byte[SectorMath.RoundUp(text.Length)];
            text.CopyTo(sectors, 0);
            file.Write(end, sectors);
            locators.Add(new ParentLocator(platform, text.Length, end));
            end += sectors.Length;
        }

        return header.WithParent(parentId, DiskTimeStamp.Of(File.GetLastWriteTimeUtc(parentPath)), Path.GetFileName(parentPath), locators);
    }
}

using VpcComApi.VirtualDisks;

namespace VpcComApi.VirtualMachines.Disks;

/// <summary>
/// The images of some chains whose parents have changed since the two were linked. To accept a parent is to write into its child, and that
/// changes the time by which the child's own child knows it: above a changed parent, all children up to the chain's top are written.
/// </summary>
internal sealed class ChangedParents
{
    private readonly List<(string Child, string Parent)> pairs;

    private ChangedParents(List<(string Child, string Parent)> pairs) => this.pairs = pairs;

    /// <summary>Whether no parent has changed.</summary>
    public bool IsEmpty => pairs.Count == 0;

    /// <summary>The lowest parent that has changed, of the first chain that has one.</summary>
    public (string Child, string Parent) First => pairs[0];

    /// <summary>The images that <see cref="Accept"/> may write.</summary>
    public IReadOnlyCollection<string> Children => [.. pairs.Select(pair => pair.Child).Distinct(DiskPaths.Comparer)];

    /// <summary>Looks at the images of chains, and writes nothing.</summary>
    /// <param name="chains">Each from the top to the base.</param>
    /// <exception cref="VirtualMachineException">An image cannot be read.</exception>
    public static ChangedParents Find(IEnumerable<IReadOnlyList<string>> chains)
    {
        List<(string, string)> pairs = [];
        foreach (IReadOnlyList<string> chain in chains)
        {
            IEnumerable<(string Child, string Parent)> fromBase = chain.Zip(chain.Skip(1)).Reverse();
            pairs.AddRange(fromBase.SkipWhile(pair => !IsModified(pair.Child, pair.Parent)));
        }

        return new ChangedParents(pairs);
    }

    /// <summary>Accepts the parents as they are now. The caller has <see cref="Children"/> for itself.</summary>
    /// <exception cref="VirtualMachineException">An image cannot be read or written.</exception>
    public void Accept()
    {
        foreach ((string child, string parent) in pairs)
        {
            DiskErrors.Run($"The parent of {child} could not be accepted", () => ParentRepair.AcceptParent(child, parent));
        }
    }

    private static bool IsModified(string child, string parent) =>
        DiskErrors.Run($"The disk {child} could not be read", () => VirtualDiskInfo.Read(child).IsParentModified(parent));
}

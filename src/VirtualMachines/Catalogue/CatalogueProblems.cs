using Microsoft.Extensions.Logging;
using VpcComApi.VirtualMachines.Configuration;
using VpcComApi.VirtualMachines.Events;

namespace VpcComApi.VirtualMachines.Catalogue;

/// <summary>Why registered machines cannot be used. Each reason is logged once. Its user has the catalogue's lock.</summary>
/// <param name="logger">Where the reasons go.</param>
internal sealed class CatalogueProblems(ILogger logger)
{
    private readonly Dictionary<string, CatalogueProblem> problems = new(PathRules.FileNameComparer);

    /// <summary>All problems.</summary>
    public IEnumerable<CatalogueProblem> All => problems.Values;

    /// <summary>Whether the machine of a file cannot be used.</summary>
    /// <param name="file">The full path of the .vmc file.</param>
    public bool Has(string file) => problems.ContainsKey(file);

    /// <summary>The machine of a file can be used.</summary>
    /// <param name="file">The full path of the .vmc file.</param>
    public void Remove(string file) => problems.Remove(file);

    /// <summary>Drops the problems of files that are no longer registered.</summary>
    /// <param name="files">The registered files.</param>
    public void KeepOnly(IEnumerable<string> files)
    {
        foreach (string gone in problems.Keys.Except(files, PathRules.FileNameComparer).ToList())
        {
            problems.Remove(gone);
        }
    }

    /// <summary>The machine of a file cannot be used.</summary>
    /// <param name="files">The machine's files.</param>
    /// <param name="reason">Why.</param>
    /// <param name="isReadable">Whether the file can be read, so that its values can be corrected.</param>
    public void Note(MachineFiles files, VirtualMachineException reason, Func<bool> isReadable)
    {
        string file = files.Configuration;
        if (!problems.TryGetValue(file, out CatalogueProblem? known) || known.Reason != reason.Message)
        {
            problems[file] = new CatalogueProblem(files.Name, file, reason.Message)
            {
                Error = reason.Error,
                Remedy = new Remedy(isReadable() ? RemedyAction.CorrectConfiguration : RemedyAction.ForgetMachine, files.Name),
            };
            LogNew([problems[file]]);
        }
    }

    /// <summary>Logs problems.</summary>
    /// <param name="found">Those that were not there before.</param>
    public void LogNew(IEnumerable<CatalogueProblem> found)
    {
        foreach (CatalogueProblem problem in found)
        {
            MachineLog.ConfigurationDamaged(logger, problem.Name, problem.File, problem.Reason);
        }
    }
}

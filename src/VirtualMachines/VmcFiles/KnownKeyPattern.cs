using System.Globalization;
using VpcComApi.VirtualMachines.Configuration;

namespace VpcComApi.VirtualMachines.VmcFiles;

/// <summary>
/// The paths that a known key stands for: a path in which the id of an element may be a range, as in
/// <c>ide_controller[@id=0..1]/location[@id=0..1]/drive_type</c>. A step without an id stands for an element without one.
/// </summary>
internal sealed class KnownKeyPattern
{
    private const string RangeMark = "..";

    private readonly IReadOnlyList<Step> steps;

    /// <summary>Reads a pattern of the table.</summary>
    /// <param name="text">The pattern.</param>
    public KnownKeyPattern(string text) => steps = [.. ValuePath.Parse(text).Steps.Select(Step.Of)];

    /// <summary>Whether a path is one of those that the pattern stands for.</summary>
    /// <param name="path">The path.</param>
    public bool Matches(ValuePath path) =>
        path.Steps.Count == steps.Count && path.Steps.Zip(steps).All(pair => pair.Second.Matches(pair.First));

    private sealed record Step(string Name, int? FirstId, int LastId)
    {
        public static Step Of(ValuePathStep step)
        {
            if (step.Id is not { } id)
            {
                return new Step(step.Name, null, default);
            }

            string[] ends = id.Split(RangeMark);
            return new Step(step.Name, int.Parse(ends[0], CultureInfo.InvariantCulture), int.Parse(ends[^1], CultureInfo.InvariantCulture));
        }

        public bool Matches(ValuePathStep step) => step.Name == Name && (step.Id is { } id ? HasId(id) : FirstId is null);

        // An id is compared as text everywhere else, so 01 is not 1.
        private bool HasId(string id) => int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= FirstId && number <= LastId && number.ToString(CultureInfo.InvariantCulture) == id;
    }
}

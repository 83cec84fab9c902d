using System.Text.Json;

namespace VpcComApi.ChannelBench.Results;

/// <summary>Writes the results of a run to a file for programs: every round of every measure.</summary>
internal static class BenchRecord
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>Writes the file.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="began">When the run began.</param>
    /// <param name="machine">The computer.</param>
    /// <param name="mode">The extent of the rounds.</param>
    /// <param name="tables">The results.</param>
    public static void Write(
        string path, DateTimeOffset began, MachineDescription machine, string mode, IReadOnlyList<ResultTable> tables) =>
        File.WriteAllText(path, JsonSerializer.Serialize(
            new
            {
                Began = began,
                Machine = machine,
                Mode = mode,
                Tables = tables.Select(table => new
                {
                    table.Title,
                    Measures = table.Measures.Where(measure => measure.HasValues).Select(measure => new
                    {
                        measure.Name,
                        measure.Unit,
                        Rounds = table.Subjects.ToDictionary(subject => subject, measure.Rounds),
                        Medians = table.Subjects.ToDictionary(subject => subject, measure.Median),
                        Goals = measure.Goals.Select(goal => new
                        {
                            goal.Peer,
                            Limit = measure.Describe(goal),
                            measure.Judge(goal, table.Subjects[0])?.Value,
                            measure.Judge(goal, table.Subjects[0])?.IsMet,
                        }),
                    }),
                }),
            },
            Json));
}

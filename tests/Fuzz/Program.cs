using System.Globalization;
using VpcComApi.Fuzz;

// Fuzzes for this time in total. VpcBus.dll beside this program must have been instrumented, which build/fuzz.sh does.
switch (args)
{
    case ["run", string seconds, string folder, .. string[] names]:
        FuzzTarget[] targets = [.. FuzzTarget.All.Where(target => names.Length == 0 || names.Contains(target.Name))];
        TimeSpan each = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)) / Math.Max(1, targets.Length);
        int seed = Environment.TickCount & 0xFFFF;
        Console.WriteLine($"Fuzzing {targets.Length} targets for {each.TotalSeconds:0} s each, seed {seed}");
        return targets.Sum(target => new FuzzRun(target, folder).Run(each, seed)) == 0 ? 0 : 1;

    default:
        Console.Error.WriteLine("usage: Fuzz run SECONDS FOLDER [TARGET...]");
        return 2;
}

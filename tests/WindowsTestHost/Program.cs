using System.Reflection;
using NUnit.Framework;

// usage: WindowsTestHost ASSEMBLY FIXTURE...
// Runs the fixtures' tests one after the other. Writes one line a test, "Passed|Failed|Skipped NAME", what failed, and
// "N passed, N failed, N skipped" last.
//
// NUnit's own runner calls tests through reflection, and Wine 8 cannot unwind an exception through that; hence the delegates. Tests with
// arguments are left out: what has arguments here is pure and needs no Windows.
Assembly assembly = Assembly.Load(args[0]);
int passed = 0;
int failed = 0;
int skipped = 0;
foreach (string fixture in args.Skip(1))
{
    Type type = assembly.GetType(fixture, throwOnError: true)!;
    foreach (MethodInfo test in type.GetMethods().Where(method => method.IsDefined(typeof(TestAttribute))))
    {
        if (!RunsOnWindows(test))
        {
            skipped++;
            Console.WriteLine($"Skipped {type.Name}.{test.Name}");
            continue;
        }

        try
        {
            await RunAsync(type, test);
            passed++;
            Console.WriteLine($"Passed {type.Name}.{test.Name}");
        }
        catch (Exception failure)
        {
            failed++;
            Console.WriteLine($"Failed {type.Name}.{test.Name}\n{failure}");
        }
    }
}

Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
return failed == 0 && passed > 0 ? 0 : 1;

static bool RunsOnWindows(MethodInfo test) =>
    test.GetCustomAttribute<PlatformAttribute>() is not { } platform
    || (platform.Exclude is not "Win" && platform.Include is null or "Win");

static async Task RunAsync(Type type, MethodInfo test)
{
    object fixture = Activator.CreateInstance(type, nonPublic: true)!;
    try
    {
        if (test.ReturnType == typeof(Task))
        {
            await test.CreateDelegate<Func<Task>>(fixture)();
        }
        else
        {
            test.CreateDelegate<Action>(fixture)();
        }
    }
    finally
    {
        await ((fixture as IAsyncDisposable)?.DisposeAsync() ?? ValueTask.CompletedTask);
        (fixture as IDisposable)?.Dispose();
    }
}

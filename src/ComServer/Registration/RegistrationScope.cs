using System.Security;
using Microsoft.Win32;

namespace VpcComApi.ComServer.Registration;

/// <summary>The place of a registration: the machine's, or one user's, classes.</summary>
internal sealed class RegistrationScope
{
    private const string Classes = @"Software\Classes";

    private readonly RegistryHive hive;

    private RegistrationScope(RegistryHive hive) => this.hive = hive;

    /// <summary>For all users of the machine; takes an administrator to change.</summary>
    public static RegistrationScope Machine { get; } = new(RegistryHive.LocalMachine);

    /// <summary>For the present user; elevated programs do not look there.</summary>
    public static RegistrationScope User { get; } = new(RegistryHive.CurrentUser);

    /// <summary>Whether this process may change it.</summary>
    public bool IsWritable
    {
        get
        {
            try
            {
                using RegistryKey root = RegistryKey.OpenBaseKey(hive, RegistryView.Registry64);
                using RegistryKey? classes = root.OpenSubKey(Classes, writable: true);
                return classes is not null;
            }
            catch (Exception exception) when (exception is SecurityException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    /// <summary>Whether anything of a plan is there.</summary>
    public bool Has(RegistrationPlan plan) => plan.Roots.Any(key => ViewsOf(key).Any(view =>
    {
        using RegistryKey root = RegistryKey.OpenBaseKey(hive, view);
        using RegistryKey? found = root.OpenSubKey($@"{Classes}\{key.Path}");
        return found is not null;
    }));

    /// <summary>
    /// What of a plan is missing or has other values here, each key named by its path and view; empty when all is as it must be.
    /// </summary>
    public IReadOnlyList<string> Differences(RegistrationPlan plan) =>
    [
        .. from key in plan.Keys
           from view in ViewsOf(key)
           where !IsAsPlanned(key, view)
           select $"{key.Path} ({(view == RegistryView.Registry32 ? "32-bit" : "64-bit")} view)",
    ];

    /// <summary>The text of a value, or null where there is none.</summary>
    /// <param name="path">The key's path below the classes.</param>
    /// <param name="name">The value's name; empty for the key's default value.</param>
    public string? Read(string path, string name)
    {
        using RegistryKey root = RegistryKey.OpenBaseKey(hive, RegistryView.Registry64);
        using RegistryKey? key = root.OpenSubKey($@"{Classes}\{path}");
        return key?.GetValue(name) as string;
    }

    /// <summary>The names of the keys right below the classes that begin so.</summary>
    public IReadOnlyList<string> Find(string prefix)
    {
        using RegistryKey root = RegistryKey.OpenBaseKey(hive, RegistryView.Registry64);
        using RegistryKey? classes = root.OpenSubKey(Classes);
        return [.. (classes?.GetSubKeyNames() ?? []).Where(name => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))];
    }

    /// <summary>Writes a plan. What an earlier version left under the same keys goes.</summary>
    public void Write(RegistrationPlan plan)
    {
        Remove(plan);
        try
        {
            foreach (RegistrationKey key in plan.Keys)
            {
                Write(key);
            }
        }
        catch
        {
            // Half a registration would be found by clients and fail them.
            Remove(plan);
            throw;
        }
    }

    /// <summary>Removes all that <see cref="Write(RegistrationPlan)"/> has written.</summary>
    public void Remove(RegistrationPlan plan)
    {
        // What was written first goes last, so that by it the rest can be found again when this is cut short.
        foreach (RegistrationKey key in plan.Roots.Reverse())
        {
            foreach (RegistryView view in ViewsOf(key))
            {
                using RegistryKey root = RegistryKey.OpenBaseKey(hive, view);
                root.DeleteSubKeyTree($@"{Classes}\{key.Path}", throwOnMissingSubKey: false);
                RemoveEmptyParents(root, $@"{Classes}\{key.Path}");
            }
        }
    }

    private static RegistryView[] ViewsOf(RegistrationKey key) =>
        key.IsInBothViews ? [RegistryView.Registry64, RegistryView.Registry32] : [RegistryView.Registry64];

    /// <summary>Removes the branches, such as Interface, that a user's classes do not have before something is registered there.</summary>
    private static void RemoveEmptyParents(RegistryKey root, string path)
    {
        for (string parent = ParentOf(path); parent.StartsWith(Classes, StringComparison.OrdinalIgnoreCase); parent = ParentOf(parent))
        {
            using (RegistryKey? branch = root.OpenSubKey(parent))
            {
                if (branch is not { SubKeyCount: 0, ValueCount: 0 })
                {
                    return;
                }
            }

            root.DeleteSubKey(parent, throwOnMissingSubKey: false);
        }
    }

    private static string ParentOf(string path) => path[..path.LastIndexOf('\\')];

    private bool IsAsPlanned(RegistrationKey planned, RegistryView view)
    {
        using RegistryKey root = RegistryKey.OpenBaseKey(hive, view);
        using RegistryKey? key = root.OpenSubKey($@"{Classes}\{planned.Path}");
        return key is not null && planned.Values.All(value => value.Data is byte[] bytes
            ? key.GetValue(value.Name) is byte[] found && found.AsSpan().SequenceEqual(bytes)
            : key.GetValue(value.Name) is string text && text == (string)value.Data);
    }

    private void Write(RegistrationKey key)
    {
        foreach (RegistryView view in ViewsOf(key))
        {
            using RegistryKey root = RegistryKey.OpenBaseKey(hive, view);
            using RegistryKey written = root.CreateSubKey($@"{Classes}\{key.Path}");
            foreach (RegistrationValue value in key.Values)
            {
                written.SetValue(value.Name, value.Data, value.Data is byte[] ? RegistryValueKind.Binary : RegistryValueKind.String);
            }
        }
    }
}

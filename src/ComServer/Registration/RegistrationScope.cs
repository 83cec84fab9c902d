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
        foreach (RegistrationKey key in plan.Roots)
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

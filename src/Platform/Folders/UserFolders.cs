namespace VpcComApi.Platform.Folders;

/// <summary>The folders of a user's machines and logs.</summary>
internal static class UserFolders
{
    /// <summary>The environment variable that replaces the base folder, for tests and side-by-side installations.</summary>
    public const string OverrideVariable = "VPC_DATA_FOLDER";

    /// <summary>
    /// The folder of this user's data: <c>%LocalAppData%\Microsoft\Windows Virtual PC</c> on Windows, the same below the XDG data folder
    /// elsewhere.
    /// </summary>
    public static string Data
    {
        get
        {
            string? moved = Environment.GetEnvironmentVariable(OverrideVariable);
            return !string.IsNullOrEmpty(moved)
                ? Path.GetFullPath(moved)
                : Path.Combine(
                    Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
                    "Microsoft",
                    "Windows Virtual PC");
        }
    }

    /// <summary>The folder of this user's log files, below <see cref="Data"/>.</summary>
    public static string Logs => Path.Combine(Data, "Logs");
}

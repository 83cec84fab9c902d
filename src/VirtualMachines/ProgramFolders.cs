namespace VpcComApi.VirtualMachines;

/// <summary>Where what comes with the program is.</summary>
internal static class ProgramFolders
{
    /// <summary>Names the environment variable that points to another folder of integration media.</summary>
    public const string IntegrationMediaVariable = "VPC_INTEGRATION_MEDIA";

    /// <summary>The folder of the media of the integration components: <c>Integration Components</c> beside the program.</summary>
    public static string IntegrationMedia => Environment.GetEnvironmentVariable(IntegrationMediaVariable) is { Length: > 0 } moved
        ? Path.GetFullPath(moved)
        : Path.Combine(AppContext.BaseDirectory, "Integration Components");
}

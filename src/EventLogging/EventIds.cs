namespace VpcComApi.EventLogging;

/// <summary>What the numbers of events mean.</summary>
public static class EventIds
{
    /// <summary>
    /// The least event id that is stable: it keeps its meaning from version to version, is documented, and goes to the Windows event log.
    /// What is below is for whoever looks for a fault in the program itself.
    /// </summary>
    public const int FirstStable = 1000;
}

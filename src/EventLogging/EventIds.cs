namespace VpcComApi.EventLogging;

/// <summary>The ranges of event ids.</summary>
public static class EventIds
{
    /// <summary>
    /// The smallest stable event id. Stable ids keep their meaning in later versions, are documented, and are written to the Windows event
    /// log. Smaller ones are for debugging the program itself.
    /// </summary>
    public const int FirstStable = 1000;
}

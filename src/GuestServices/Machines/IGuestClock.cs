namespace VpcComApi.GuestServices.Machines;

/// <summary>The guest's clock.</summary>
internal interface IGuestClock
{
    /// <summary>The guest's time.</summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>Sets the clock.</summary>
    /// <param name="time">The current time.</param>
    /// <exception cref="RequestRefusedException">It could not be set.</exception>
    void Set(DateTimeOffset time);
}

namespace VpcComApi.GuestServices.Machines;

/// <summary>The guest's clock.</summary>
internal interface IGuestClock
{
    /// <summary>The guest's time.</summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>Sets the clock.</summary>
    /// <param name="time">The time that it is now.</param>
    /// <exception cref="RequestRefusedException">It could not be set.</exception>
    void Set(DateTimeOffset time);
}

namespace VpcComApi.GuestServices.Machines;

/// <summary>The guest's display, where its size can be changed.</summary>
internal interface IGuestDisplay
{
    /// <summary>Changes the size.</summary>
    /// <param name="width">Pixels, within the contract's limits.</param>
    /// <param name="height">Pixels, within the contract's limits.</param>
    /// <exception cref="RequestRefusedException">The display cannot have that size.</exception>
    void Resize(int width, int height);
}

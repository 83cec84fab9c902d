namespace VpcComApi.ComServer.Verification.Checks;

/// <summary>The smallest call of an object in another process.</summary>
internal static unsafe class DispatchProbe
{
    private const int GetTypeInfoCountSlot = 3;

    /// <summary>Calls IDispatch::GetTypeInfoCount.</summary>
    /// <returns>The HRESULT.</returns>
    public static int Call(nint dispatch)
    {
        uint count;
        return ((delegate* unmanaged[MemberFunction]<nint, uint*, int>)(*(void***)dispatch)[GetTypeInfoCountSlot])(dispatch, &count);
    }
}

using System.Runtime.InteropServices.Marshalling;
using VpcComApi.Interop;

namespace VpcComApi.ComServer.Automation;

/// <summary>Calls a client's IDispatch.</summary>
internal static unsafe class DispatchCall
{
    private const int InvokeSlot = 6;
    private const ushort Method = 1;

    /// <summary>LOCALE_NEUTRAL: the arguments are in no language.</summary>
    private const uint NeutralLocale = 0;

    /// <summary>
    /// The answers that mean: the process, or the object in it, is no longer there. Anything else is the sink's own business.
    /// </summary>
    private static readonly int[] Gone =
    [
        unchecked((int)0x80010108), // RPC_E_DISCONNECTED
        unchecked((int)0x80010007), // RPC_E_SERVER_DIED
        unchecked((int)0x80010012), // RPC_E_SERVER_DIED_DNE
        unchecked((int)0x80010114), // RPC_E_INVALID_OBJECT
        unchecked((int)0x800401FD), // CO_E_OBJNOTCONNECTED
        unchecked((int)0x800706BA), // RPC_S_SERVER_UNAVAILABLE
        unchecked((int)0x800706BE), // RPC_S_CALL_FAILED
        unchecked((int)0x800706BF), // RPC_S_CALL_FAILED_DNE
    ];

    /// <summary>Whether an answer means that the object is no longer there.</summary>
    public static bool IsGone(int result) => Gone.Contains(result);

    /// <summary>Calls a method and ignores its result.</summary>
    /// <param name="dispatch">The object's IDispatch.</param>
    /// <param name="call">The method and its arguments.</param>
    /// <returns>The HRESULT.</returns>
    public static int Invoke(nint dispatch, EventCall call)
    {
        int count = call.Arguments.Count;
        Span<ComVariant> arguments = new ComVariant[count];
        fixed (ComVariant* first = arguments)
        {
            try
            {
                for (int index = 0; index < count; index++)
                {
                    // Automation passes arguments last to first.
                    arguments[count - 1 - index] = VariantMarshaller.ConvertToUnmanaged(call.Arguments[index]);
                }

                Parameters parameters = new() { Arguments = first, ArgumentCount = (uint)count };
                Guid none = Guid.Empty;
                delegate* unmanaged[MemberFunction]<nint, int, Guid*, uint, ushort, Parameters*, ComVariant*, void*, uint*, int> invoke =
                    (delegate* unmanaged[MemberFunction]<nint, int, Guid*, uint, ushort, Parameters*, ComVariant*, void*, uint*, int>)
                    (*(void***)dispatch)[InvokeSlot];
                return invoke(dispatch, call.DispId, &none, NeutralLocale, Method, &parameters, null, null, null);
            }
            finally
            {
                foreach (ComVariant argument in arguments)
                {
                    VariantMarshaller.Free(argument);
                }
            }
        }
    }

    /// <summary>DISPPARAMS.</summary>
    private struct Parameters
    {
        public ComVariant* Arguments;
        public int* NamedArguments;
        public uint ArgumentCount;
        public uint NamedArgumentCount;
    }
}

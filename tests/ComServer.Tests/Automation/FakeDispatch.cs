using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace VpcComApi.ComServer.Tests.Automation;

/// <summary>An IDispatch as a client's proxy would be: a native object, whose calls end in a delegate of the test.</summary>
internal sealed unsafe class FakeDispatch : IDisposable
{
    private const int Slots = 7;

    private static readonly ConcurrentDictionary<nint, FakeDispatch> Objects = new();

    private readonly nint* instance;
    private readonly Func<int, int> onInvoke;
    private int references = 1;

    /// <summary>Makes the object with one reference.</summary>
    /// <param name="onInvoke">Gets the event's number and answers the HRESULT.</param>
    public FakeDispatch(Func<int, int> onInvoke)
    {
        this.onInvoke = onInvoke;
        instance = (nint*)NativeMemory.AllocZeroed((nuint)(sizeof(nint) * (1 + Slots)));
        instance[0] = (nint)(instance + 1);
        instance[1] = (nint)(delegate* unmanaged[MemberFunction]<nint, Guid*, nint*, int>)&QueryInterface;
        instance[2] = (nint)(delegate* unmanaged[MemberFunction]<nint, uint>)&AddRef;
        instance[3] = (nint)(delegate* unmanaged[MemberFunction]<nint, uint>)&Release;
        instance[7] = (nint)(delegate* unmanaged[MemberFunction]<nint, int, Guid*, uint, ushort, void*, void*, void*, void*, int>)&Invoke;
        Objects[(nint)instance] = this;
    }

    /// <summary>The object's address.</summary>
    public nint Address => (nint)instance;

    /// <summary>Completes when the last reference is released.</summary>
    public TaskCompletionSource Released { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Dispose()
    {
        Objects.TryRemove((nint)instance, out _);
        NativeMemory.Free(instance);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvMemberFunction)])]
    private static int QueryInterface(nint self, Guid* id, nint* result)
    {
        Interlocked.Increment(ref Objects[self].references);
        *result = self;
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvMemberFunction)])]
    private static uint AddRef(nint self) => (uint)Interlocked.Increment(ref Objects[self].references);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvMemberFunction)])]
    private static uint Release(nint self)
    {
        FakeDispatch target = Objects[self];
        int left = Interlocked.Decrement(ref target.references);
        if (left == 0)
        {
            target.Released.TrySetResult();
        }

        return (uint)left;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvMemberFunction)])]
    private static int Invoke(
        nint self, int dispId, Guid* reserved, uint locale, ushort flags, void* parameters, void* result, void* exception,
        void* argument) =>
        Objects[self].onInvoke(dispId);
}

using System.Runtime.CompilerServices;

// The code generated for COM marshals all parameters itself, so the runtime's own marshalling is disabled.
[assembly: DisableRuntimeMarshalling]

using System.Runtime.CompilerServices;

// Source-generated COM says itself how every parameter crosses; the runtime's own marshalling must stay out of it.
[assembly: DisableRuntimeMarshalling]

using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

// Windows, or Wine: without COM there is nothing for this program to do.
[assembly: SupportedOSPlatform("windows")]

// Source-generated COM says itself how every parameter crosses; the runtime's own marshalling must stay out of it.
[assembly: DisableRuntimeMarshalling]

namespace VpcComApi.ComServer.Tests.Adapters;

/// <summary>What one member or event of the contract does here.</summary>
/// <param name="Provider">On which machine provider: any, none, or names.</param>
/// <param name="Does">What it does.</param>
/// <param name="Differs">Where it differs from the original, and why; empty when it does not.</param>
internal sealed record CompatibilityNote(string Provider, string Does, string Differs);

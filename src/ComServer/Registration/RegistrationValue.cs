namespace VpcComApi.ComServer.Registration;

/// <summary>One value of a registry key.</summary>
/// <param name="Name">Its name; empty for the key's default value.</param>
/// <param name="Data">A string (REG_SZ) or bytes (REG_BINARY).</param>
internal sealed record RegistrationValue(string Name, object Data);

namespace VpcComApi.ManualPages;

/// <summary>What stands at the foot of each page.</summary>
/// <param name="Version">The product's version.</param>
/// <param name="Date">The date of the page's content.</param>
internal sealed record PageEdition(string Version, DateTimeOffset Date);

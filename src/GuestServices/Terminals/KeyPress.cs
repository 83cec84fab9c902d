namespace VpcComApi.GuestServices.Terminals;

/// <summary>What one key press means: a character, or else something done to the line.</summary>
/// <param name="Character">Printable ASCII, or <c>'\0'</c>.</param>
/// <param name="Edit">What is done, when there is no character.</param>
internal readonly record struct KeyPress(char Character, EditKey Edit = EditKey.None);

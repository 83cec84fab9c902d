namespace VpcComApi.GuestServices.Terminals;

/// <summary>The meaning of one keystroke: a character or an editing function.</summary>
/// <param name="Character">Printable ASCII, or <c>'\0'</c>.</param>
/// <param name="Edit">The editing function, if there is no character.</param>
internal readonly record struct KeyPress(char Character, EditKey Edit = EditKey.None);

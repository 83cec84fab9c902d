using VpcComApi.GuestServices.Machines;
using VpcComApi.GuestServices.Terminals;
using VpcComApi.VirtualMachines.Emulated.Board;

namespace VpcComApi.GuestServices.Tests.Terminals;

/// <summary>The emulated guest's screen, keyboard and line editor.</summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class TerminalTests
{
    private const int LeftShift = 0x2A;
    private const int LeftCtrl = 0x1D;
    private const int LeftAlt = 0x38;

    private readonly TextScreen screen = new();
    private readonly Dictionary<int, string> rows = [];

    [TestCase(0x1E, 'a', 'A')]
    [TestCase(0x02, '1', '!')]
    [TestCase(0x0D, '=', '+')]
    [TestCase(0x27, ';', ':')]
    [TestCase(0x28, '\'', '"')]
    [TestCase(0x29, '`', '~')]
    [TestCase(0x2B, '\\', '|')]
    [TestCase(0x35, '/', '?')]
    [TestCase(0x39, ' ', ' ')]
    [TestCase(0x47, '7', '7')]
    [TestCase(0xE035, '/', '/')]
    public void A_key_types_its_character_and_another_with_shift(int code, char plain, char shifted)
    {
        KeyDecoder keys = new();

        Assert.That(keys.Take(code).Character, Is.EqualTo(plain));
        keys.Take(-code);
        keys.Take(LeftShift);
        Assert.That(keys.Take(code).Character, Is.EqualTo(shifted));
        keys.Take(-code);
        keys.Take(-LeftShift);
        Assert.That(keys.Take(code).Character, Is.EqualTo(plain));
    }

    [Test]
    public void Control_and_num_lock_change_the_meaning_of_keys()
    {
        KeyDecoder keys = new();
        const int NumLock = 0x45;
        const int Keypad7 = 0x47;

        keys.Take(NumLock);
        Assert.That(keys.Take(Keypad7).Edit, Is.EqualTo(EditKey.Home));
        keys.Take(LeftCtrl);
        Assert.That(keys.Take(0x2E).Edit, Is.EqualTo(EditKey.Interrupt));
        keys.Take(LeftAlt);
        Assert.That(keys.Take(0xE053).Edit, Is.EqualTo(EditKey.Restart));
        Assert.That(keys.Down, Does.Contain(LeftAlt));
    }

    [Test]
    public void A_line_can_be_edited_and_brought_back()
    {
        LineEditor editor = new(screen);
        Type(editor, "ehco x");
        Press(editor, EditKey.Home, EditKey.Right, EditKey.Delete, EditKey.Right);
        Type(editor, "h");
        Assert.That(Row(1), Is.EqualTo("echo x"));
        Press(editor, EditKey.End, EditKey.Backspace);
        Type(editor, "y");

        Assert.That(editor.Take(new KeyPress('\0', EditKey.Enter)), Is.EqualTo("echo y"));
        Press(editor, EditKey.Up);
        Assert.That(Row(2), Is.EqualTo("echo y"));
        Press(editor, EditKey.Escape);
        Assert.That(Row(2), Is.Empty);
        Assert.That(editor.Take(new KeyPress('\0', EditKey.Enter)), Is.Empty);
    }

    [Test]
    public void A_line_longer_than_the_screen_is_edited_over_its_edge()
    {
        LineEditor editor = new(screen);
        Type(editor, new string('a', 82));
        Press(editor, EditKey.Backspace, EditKey.Backspace, EditKey.Backspace);

        Assert.That(Row(1), Is.EqualTo(new string('a', 79)));
        Assert.That(Row(2), Is.Empty);
        Type(editor, new string('b', LineEditor.MaxLength));
        Assert.That(editor.Take(new KeyPress('\0', EditKey.Enter)), Has.Length.EqualTo(LineEditor.MaxLength));
    }

    [Test]
    public void A_full_screen_scrolls_below_its_status_line()
    {
        screen.ShowStatus("status");
        for (int i = 1; i <= 30; i++)
        {
            screen.Write($"line {i}\n");
        }

        Assert.That(Row(0), Is.EqualTo("status"));
        Assert.That(Row(1), Is.EqualTo("line 8"));
        Assert.That(Row(23), Is.EqualTo("line 30"));
        screen.Clear();
        Assert.That(Row(0), Is.EqualTo("status"));
        Assert.That(Row(1), Is.Empty);
    }

    [Test]
    public void Only_what_has_changed_is_brought_to_the_display_in_parts_that_fit()
    {
        IReadOnlyList<BoardScreen> all = screen.TakeChanges();
        Assert.That(all.Sum(part => part.Lines.Count), Is.EqualTo(25));
        Assert.That(all.Select(part => part.Lines.Count), Is.All.AtMost(BoardScreen.MaxLines));
        Assert.That(screen.TakeChanges(), Is.Empty);

        screen.Write("x");

        BoardScreen change = screen.TakeChanges().Single();
        Assert.That(change.Lines.Single().Row, Is.EqualTo(1));
        Assert.That((change.CursorColumn, change.CursorRow), Is.EqualTo((1, 1)));
    }

    [Test]
    public void A_resized_screen_keeps_its_latest_lines_and_is_graphics()
    {
        screen.Write("first\nsecond");
        screen.Resize(800, 600);

        Assert.That(Row(1), Is.EqualTo("first"));
        Assert.That(screen.Size, Is.EqualTo((800, 600)));
        screen.Write("!");
        BoardScreen change = screen.TakeChanges().Single();
        Assert.That((change.Width, change.Height, change.IsGraphics), Is.EqualTo((800, 600, true)));
        Assert.That(change.Lines.Single().Text, Has.Length.EqualTo(100).And.StartsWith("second!"));
        Assert.That(() => screen.Resize(4, 600), Throws.InstanceOf<RequestRefusedException>());
    }

    [Test]
    public void A_serial_line_edits_and_ends_lines_however_they_end()
    {
        List<byte> sent = [];
        SerialSession session = new(new SerialTerminal(sent.AddRange));

        Assert.That(Feed(session, "ab\bc\r"), Is.EqualTo(["ac"]));
        Assert.That(Feed(session, "\nx\n\u001b[Ay\r\n"), Is.EqualTo(["x", "y"]));
        Assert.That(string.Concat(sent.Select(value => (char)value)), Does.StartWith("ab\b \bc\r\n"));
    }

    private static string[] Feed(SerialSession session, string text) =>
        [.. text.Select(character => session.Take((byte)character)).OfType<string>()];

    private static void Type(LineEditor editor, string text)
    {
        foreach (char character in text)
        {
            Assert.That(editor.Take(new KeyPress(character)), Is.Null);
        }
    }

    private static void Press(LineEditor editor, params EditKey[] keys)
    {
        foreach (EditKey key in keys)
        {
            Assert.That(editor.Take(new KeyPress('\0', key)), Is.Null);
        }
    }

    private string Row(int index)
    {
        foreach (BoardScreenLine line in screen.TakeChanges().SelectMany(part => part.Lines))
        {
            rows[line.Row] = line.Text.TrimEnd();
        }

        return rows[index];
    }
}

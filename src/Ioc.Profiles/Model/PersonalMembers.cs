namespace Ioc.Profiles.Model;

/// <summary>
/// Members that no profile may read, whatever it says: plates, faces, names, numbers of customers, secrets. Read from <c>personal.yaml</c>
/// beside the profiles. Large and small letters and signs do not count: <c>licensePlate</c> is <c>license_plate</c>. Immutable.
/// </summary>
internal sealed class PersonalMembers
{
    /// <summary>Nothing is personal.</summary>
    public static readonly PersonalMembers None = new([]);

    private const int MaxNameBytes = 64;

    private readonly HashSet<string> _names;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public PersonalMembers(IEnumerable<string> names)
    {
        _names = [.. names.Select(Plain).Where(name => name.Length > 0)];
        _lookup = _names.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Reads the list of a folder; none where there is no such file.</summary>
    public static PersonalMembers Load(string folder, ConfigReader reader, ProfileErrors errors)
    {
        const string file = "personal.yaml";
        string path = Path.Combine(folder, file);
        if (!File.Exists(path) || reader.Open(path, file) is not { } map)
            return None;

        if (map.Text("schema") is not { Value: "1" })
            errors.Add(map.MarkOf("schema"), "the file must say 'schema: 1'");
        IReadOnlyList<MarkedText> members = map.Texts("members");
        foreach (MarkedText member in members)
        {
            if (Plain(member.Value).Length is 0 or > MaxNameBytes)
                errors.Add(member.Mark, $"'{member.Value}' must have letters or digits, at most {MaxNameBytes}");
        }

        if (members.Count == 0)
            errors.Add(map.Mark, "'members' is missing: the names that no profile may read");
        map.Finish("personal.yaml");
        return new PersonalMembers(members.Select(member => member.Value));
    }

    public bool Has(string name) => _names.Count > 0 && _names.Contains(Plain(name));

    /// <summary>The same for a key of a payload, as UTF-8.</summary>
    public bool Has(ReadOnlySpan<byte> name)
    {
        if (_names.Count == 0)
            return false;

        Span<char> plain = stackalloc char[MaxNameBytes];
        int length = 0;
        foreach (byte letter in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter))
                continue;
            if (length == plain.Length)
                return false;
            plain[length++] = char.ToLowerInvariant((char)letter);
        }

        return _lookup.Contains(plain[..length]);
    }

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
}

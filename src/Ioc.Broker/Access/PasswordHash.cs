using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ioc.Broker.Access;

/// <summary>A password as it is kept: <c>pbkdf2-sha512$iterations$salt$hash</c>, the last two in Base64. Immutable.</summary>
public sealed class PasswordHash
{
    /// <summary>For passwords that people choose; what OWASP asks of PBKDF2 with SHA-512.</summary>
    public const int ChosenIterations = 210_000;

    /// <summary>For <see cref="Generate">generated</see> secrets: nobody guesses 160 random bits at any speed, and ten thousand devices return at once.</summary>
    public const int GeneratedIterations = 1_000;

    /// <summary>Longest password looked at, in bytes; a longer one is wrong.</summary>
    public const int MaxPasswordBytes = 1_024;

    private const string Prefix = "pbkdf2-sha512";
    private const int MaxIterations = 10_000_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    private readonly byte[] _salt;
    private readonly byte[] _hash;
    private readonly int _iterations;

    private PasswordHash(int iterations, byte[] salt, byte[] hash)
    {
        _iterations = iterations;
        _salt = salt;
        _hash = hash;
        Encoded = string.Create(CultureInfo.InvariantCulture, $"{Prefix}${iterations}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}");
    }

    /// <summary>The text to keep.</summary>
    public string Encoded { get; }

    /// <summary>Whether this text means to be a hash rather than a password.</summary>
    public static bool LooksHashed(string text) => text.StartsWith("pbkdf2-", StringComparison.Ordinal);

    /// <summary>Reads what <see cref="Encoded"/> gave.</summary>
    public static bool TryParse(string text, out PasswordHash hash)
    {
        hash = null!;
        if (text.Split('$') is not [Prefix, var iterations, var salt, var bytes]
            || !int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > MaxIterations
            || !TryDecode(salt, out byte[] saltBytes) || saltBytes.Length < 8
            || !TryDecode(bytes, out byte[] hashBytes) || hashBytes.Length != HashBytes)
        {
            return false;
        }

        hash = new PasswordHash(count, saltBytes, hashBytes);
        return true;
    }

    /// <summary>Hashes a password under a salt of its own.</summary>
    /// <param name="password">UTF-8.</param>
    /// <param name="iterations">How dear guessing is made.</param>
    public static PasswordHash Of(ReadOnlySpan<byte> password, int iterations = ChosenIterations)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PasswordHash(iterations, salt, Derive(password, salt, iterations));
    }

    /// <summary>Makes a secret of 160 random bits, to be shown once.</summary>
    public static (string Secret, PasswordHash Hash) Generate()
    {
        // 32 characters, so five bits each; without those that people confuse.
        string secret = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz123456789", 32);
        return (secret, Of(Encoding.ASCII.GetBytes(secret), GeneratedIterations));
    }

    /// <summary>Whether this is the password. Slow on purpose, and takes the same time either way.</summary>
    public bool Verify(ReadOnlySpan<byte> password) =>
        password.Length <= MaxPasswordBytes && CryptographicOperations.FixedTimeEquals(Derive(password, _salt, _iterations), _hash);

    private static byte[] Derive(ReadOnlySpan<byte> password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA512, HashBytes);

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out int written))
            return false;

        bytes = bytes[..written];
        return true;
    }
}

using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Ioc.Broker.Access;

/// <summary>Verifies passwords, slowly the first time and at once when the same one comes again. Thread-safe.</summary>
/// <remarks>
/// What was verified is remembered as a digest under a key that lives as long as the process, so a memory dump holds nothing that a
/// dictionary could be tried on at leisure without it. Wrong passwords are remembered too, apart: a misconfigured device costs once,
/// and an attacker cannot push out what is right.
/// </remarks>
internal sealed class PasswordVerifier : IDisposable
{
    /// <summary>Verifications that may wait for their turn; further clients are told to come later.</summary>
    public const int MaxWaiting = 1_000;

    // About 6 MB when full; twice the largest fleet one machine is built for.
    private const int MaxRemembered = 100_000;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly RecentSet _right = new(MaxRemembered);
    private readonly RecentSet _wrong = new(MaxRemembered / 10);

    // Half the processors stay with those who are connected.
    private readonly SemaphoreSlim _slow = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int _waiting;

    /// <summary>Slow verifications done, for tests and the curious.</summary>
    public long SlowCount => Volatile.Read(ref _slowCount);

    private long _slowCount;

    /// <summary>The verdict of a verification done before.</summary>
    public PasswordVerdict Recall(string user, PasswordHash hash, ReadOnlySpan<byte> password)
    {
        UInt128 digest = Digest(user, hash.Encoded, password);
        if (_right.Contains(digest))
            return PasswordVerdict.Right;
        return _wrong.Contains(digest) ? PasswordVerdict.Wrong : PasswordVerdict.Unknown;
    }

    /// <summary>Verifies on another thread, a few at a time.</summary>
    public async Task<PasswordVerdict> VerifyAsync(string user, PasswordHash hash, byte[] password, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return PasswordVerdict.Unknown;
        }

        try
        {
            await _slow.WaitAsync(cancellation);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            // Its twin may have had its turn meanwhile.
            PasswordVerdict known = Recall(user, hash, password);
            if (known != PasswordVerdict.Unknown)
                return known;

            Interlocked.Increment(ref _slowCount);
            bool right = await Task.Run(() => hash.Verify(password), CancellationToken.None);
            (right ? _right : _wrong).Add(Digest(user, hash.Encoded, password));
            return right ? PasswordVerdict.Right : PasswordVerdict.Wrong;
        }
        finally
        {
            _slow.Release();
        }
    }

    /// <summary>Whether two secrets are the same, in a time that tells nothing of either.</summary>
    public bool AreSame(ReadOnlySpan<byte> given, ReadOnlySpan<byte> expected)
    {
        Span<byte> left = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, given, left);
        HMACSHA256.HashData(_key, expected, right);
        return CryptographicOperations.FixedTimeEquals(left, right);
    }

    public void Dispose() => _slow.Dispose();

    // The user and the stored hash are part of it: another user, or a changed password, is another question.
    private UInt128 Digest(string user, string hash, ReadOnlySpan<byte> password)
    {
        byte[] question = [.. Encoding.UTF8.GetBytes(user), 0, .. Encoding.ASCII.GetBytes(hash), 0, .. password];
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, question, digest);
        CryptographicOperations.ZeroMemory(question);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }
}

/// <summary>What is known of a password.</summary>
internal enum PasswordVerdict
{
    /// <summary>Nothing yet; from a verification: there was no room for it.</summary>
    Unknown,

    /// <summary>It is the user's.</summary>
    Right,

    /// <summary>It is not.</summary>
    Wrong,
}

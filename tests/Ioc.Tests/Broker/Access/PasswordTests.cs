using System.Text;
using Ioc.Broker.Access;
using Xunit;

namespace Ioc.Tests.Broker.Access;

public class PasswordTests
{
    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    [Fact]
    public void A_hash_comes_back_from_its_text_and_knows_its_password()
    {
        byte[] password = Encoding.UTF8.GetBytes("bí mật");

        string kept = PasswordHash.Of(password, iterations: 1_000).Encoded;

        Assert.StartsWith("pbkdf2-sha512$1000$", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("mật", kept, StringComparison.Ordinal);
        Assert.True(PasswordHash.TryParse(kept, out PasswordHash hash));
        Assert.True(hash.Verify(password));
        Assert.False(hash.Verify("bi mat"u8));
        Assert.False(hash.Verify(default));
        Assert.NotEqual(kept, PasswordHash.Of(password, iterations: 1_000).Encoded);
    }

    // The long case of the PBKDF2 test vectors, worked out with another implementation.
    [Fact]
    public void A_hash_made_elsewhere_is_understood()
    {
        string salt = Convert.ToBase64String("saltSALTsaltSALTsaltSALTsaltSALTsalt"u8);
        string derived = Convert.ToBase64String(Convert.FromHexString("8C0511F4C6E597C6AC6315D8F0362E225F3C501495BA23B868C005174DC4EE71"));

        Assert.True(PasswordHash.TryParse($"pbkdf2-sha512$4096${salt}${derived}", out PasswordHash hash));
        Assert.True(hash.Verify("passwordPASSWORDpassword"u8));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("pbkdf2-sha512$0$AAAAAAAAAAA=$AAAA")]
    [InlineData("pbkdf2-sha512$99999999999$AAAAAAAAAAA=$AAAA")]
    [InlineData("pbkdf2-sha512$1000$!$AAAA")]
    [InlineData("pbkdf2-sha1$1000$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void What_is_no_hash_is_not_taken_for_one(string text) => Assert.False(PasswordHash.TryParse(text, out _));

    [Fact]
    public void Generated_secrets_differ_and_open()
    {
        (string first, PasswordHash hash) = PasswordHash.Generate();
        (string second, PasswordHash _) = PasswordHash.Generate();

        Assert.Equal(32, first.Length);
        Assert.NotEqual(first, second);
        Assert.True(hash.Verify(Encoding.ASCII.GetBytes(first)));
        Assert.False(hash.Verify(Encoding.ASCII.GetBytes(second)));
    }

    [Fact]
    public async Task A_password_is_verified_slowly_once_and_then_remembered_right_or_wrong()
    {
        using var verifier = new PasswordVerifier();
        PasswordHash hash = PasswordHash.Of("right"u8, iterations: 1_000);
        Assert.Equal(PasswordVerdict.Unknown, verifier.Recall("u", hash, "right"u8));

        Assert.Equal(PasswordVerdict.Right, await verifier.VerifyAsync("u", hash, "right"u8.ToArray(), Stopping));
        Assert.Equal(PasswordVerdict.Wrong, await verifier.VerifyAsync("u", hash, "wrong"u8.ToArray(), Stopping));
        Assert.Equal(PasswordVerdict.Right, await verifier.VerifyAsync("u", hash, "right"u8.ToArray(), Stopping));

        Assert.Equal(2, verifier.SlowCount);
        Assert.Equal(PasswordVerdict.Right, verifier.Recall("u", hash, "right"u8));
        Assert.Equal(PasswordVerdict.Wrong, verifier.Recall("u", hash, "wrong"u8));
        Assert.Equal(PasswordVerdict.Unknown, verifier.Recall("other", hash, "right"u8));
        Assert.Equal(PasswordVerdict.Unknown, verifier.Recall("u", PasswordHash.Of("right"u8, iterations: 1_000), "right"u8));
    }

    [Fact]
    public async Task A_crowd_with_the_same_password_costs_one_verification()
    {
        using var verifier = new PasswordVerifier();
        PasswordHash hash = PasswordHash.Of("right"u8, iterations: 50_000);

        PasswordVerdict[] verdicts = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => verifier.VerifyAsync("u", hash, "right"u8.ToArray(), Stopping)));

        Assert.All(verdicts, verdict => Assert.Equal(PasswordVerdict.Right, verdict));
        Assert.InRange(verifier.SlowCount, 1, Math.Max(1, Environment.ProcessorCount / 2));
    }

    [Fact]
    public async Task No_more_than_the_bound_wait_for_their_turn()
    {
        using var verifier = new PasswordVerifier();
        PasswordHash hash = PasswordHash.Of("right"u8, iterations: 1_000_000);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Stopping);
        int atOnce = Math.Max(1, Environment.ProcessorCount / 2);

        Task<PasswordVerdict>[] crowd = [.. Enumerable.Range(0, PasswordVerifier.MaxWaiting + atOnce + 10).Select(i => verifier.VerifyAsync($"u{i}", hash, "x"u8.ToArray(), gone.Token))];
        PasswordVerdict[] refused = [.. crowd.Where(task => task.IsCompleted).Select(task => task.GetAwaiter().GetResult())];

        Assert.Contains(PasswordVerdict.Unknown, refused);
        await gone.CancelAsync();
        await Task.WhenAll(crowd).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public void What_was_asked_for_lately_outlives_what_was_not()
    {
        var set = new RecentSet(capacity: 10);
        set.Add(1);
        for (UInt128 i = 100; i < 1_000; i++)
        {
            set.Add(i);
            Assert.True(set.Contains(1));
        }

        Assert.False(set.Contains(100));
        Assert.True(set.Contains(999));
    }
}

using Ioc.Devices.Readings;
using Ioc.Profiles;
using Ioc.Profiles.Editions;
using Ioc.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Ioc.Tests.Profiles;

public sealed class EditionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeClock _clock = new();

    public EditionTests() => Write("t");

    [Fact]
    public void The_first_edition_decodes_everything_that_came_before_it()
    {
        ProfileEditions editions = Open();
        Assert.Empty(editions.History);

        Adopt(editions, editions.Current, 40);

        Assert.Same(editions.Current, editions.At(0));
        Assert.Null(editions.TryRead());
    }

    [Fact]
    public void Every_offset_keeps_the_edition_it_was_decoded_with_also_after_a_restart()
    {
        ProfileEditions editions = Open();
        ProfileEdition first = editions.Current;
        Adopt(editions, first, 0);
        Write("u");
        ProfileEdition second = editions.TryRead()!;
        Adopt(editions, second, 100);

        foreach (ProfileEditions now in (ProfileEditions[])[editions, Open()])
        {
            Assert.Equal(first.Id, now.At(0).Id);
            Assert.Equal(first.Id, now.At(99).Id);
            Assert.Equal(second.Id, now.At(100).Id);
            Assert.Equal(second.Id, now.Current.Id);
            Assert.Equal(first.Id, now.Of(first.Id).Id);
        }

        Assert.NotEqual(first.Id, second.Id);
    }

    [Fact]
    public void A_folder_with_a_mistake_changes_nothing_and_says_where_the_mistake_is()
    {
        ProfileEditions editions = Open();
        Adopt(editions, editions.Current, 0);
        ProfileEdition working = editions.Current;
        Write("t", "feilds: []");

        Assert.Null(editions.TryRead());

        Assert.Same(working, editions.Current);
        Assert.Contains("own.profile.yaml:7", Assert.Single(editions.Mistakes), StringComparison.Ordinal);
        Write("t");
        Assert.Null(editions.TryRead());
        Assert.Empty(editions.Mistakes);
    }

    [Fact]
    public void A_start_with_a_broken_folder_goes_on_with_the_last_edition_that_worked()
    {
        ProfileEditions before = Open();
        Adopt(before, before.Current, 0);
        Write("t", "feilds: []");

        ProfileEditions editions = Open();

        Assert.Equal(before.Current.Id, editions.Current.Id);
        Assert.Single(editions.Mistakes);
    }

    [Fact]
    public void A_first_start_with_a_broken_folder_is_refused()
    {
        Write("t", "feilds: []");
        Assert.Throws<ProfileException>(Open);
    }

    [Fact]
    public void What_no_record_of_the_journal_needs_any_more_is_forgotten_and_the_oldest_needed_is_not()
    {
        ProfileEditions editions = Open();
        Adopt(editions, editions.Current, 0);
        foreach ((string path, long offset) in ((string, long)[])[("u", 100), ("v", 200), ("w", 300)])
        {
            Write(path);
            Adopt(editions, editions.TryRead()!, offset, firstOffset: 150);
        }

        Assert.Equal([100, 200, 300], editions.History.Select(entry => entry.Offset));
        Assert.Equal(editions.History.Select(entry => entry.Id).Order(), Directory.GetDirectories(_folder.File("kept")).Select(Path.GetFileName).Order()!);
    }

    [Fact]
    public void An_edition_that_is_gone_is_replaced_by_the_current_one()
    {
        ProfileEditions editions = Open();
        Assert.Same(editions.Current, editions.Of("0123456789abcdef"));
    }

    public void Dispose() => _folder.Dispose();

    private void Adopt(ProfileEditions editions, ProfileEdition edition, long offset, long firstOffset = 0) =>
        editions.Adopt(edition, offset, _clock.GetCurrentInstant(), firstOffset);

    private void Write(string path, string more = "")
    {
        Directory.CreateDirectory(_folder.File("folder"));
        File.WriteAllText(
            _folder.File("folder/own.profile.yaml"),
            $"schema: 1\nname: own\nfamily: air\nmatch: {{topics: [\"lab/{{device}}\"]}}\nfields:\n  - {{metric: air_temperature, path: {path}, unit: Cel}}\n{more}\n");
    }

    private ProfileEditions Open() =>
        new(new ProfilesOptions { Path = _folder.File("folder"), ArchivePath = _folder.File("kept") }, DecoderUnderTest.Catalogue(), new ChannelTable(), NullLogger<ProfileEditions>.Instance);
}

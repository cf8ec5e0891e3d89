using Ioc.Broker.Access;
using Ioc.Storage.Operational;

namespace Ioc.Server.Access;

/// <summary>Brings what the database keeps of credentials and bans to the broker, which knows no database.</summary>
internal sealed class KeptAccess(AccessLedger ledger) : IAccessStore
{
    public async Task<AccessSnapshot?> ReadAsync(long knownRevision, CancellationToken cancellationToken)
    {
        if (await ledger.RevisionAsync(cancellationToken) == knownRevision)
            return null;

        (long revision, IReadOnlyList<CredentialRow> credentials, IReadOnlyList<BanRow> bans) = await ledger.LoadAsync(cancellationToken);
        return new AccessSnapshot(revision, [.. credentials.Select(Of)], [.. bans.Select(Of)]);
    }

    private static Credential Of(CredentialRow row) =>
        new(row.UserName, row.Password, row.Device, row.Certificate, RightsOf(row), row.Enabled, row.CreatedAt, row.ChangedAt)
        {
            ReceiveMaximum = row.ReceiveMaximum,
            MaxSubscriptions = row.MaxSubscriptions,
        };

    private static CredentialRights? RightsOf(CredentialRow row)
    {
        if (row.Full)
            return CredentialRights.Everything;

        return row.Publish is null && row.Subscribe is null ? null : new CredentialRights(CredentialText.Lines(row.Publish), CredentialText.Lines(row.Subscribe));
    }

    private static Ban Of(BanRow row) =>
        new(Words.TryParse(row.Kind, out BanKind kind) ? kind : throw new InvalidDataException($"The ban of '{row.Value}' has the unknown kind '{row.Kind}'."), row.Value, row.Until, row.Reason);
}

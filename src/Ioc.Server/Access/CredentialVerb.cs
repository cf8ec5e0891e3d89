using System.Text;
using Ioc.Broker.Access;
using Ioc.Server.Onboarding;
using Ioc.Storage;
using Ioc.Storage.Operational;
using NodaTime;

namespace Ioc.Server.Access;

/// <summary><c>ioc credential …</c>: works on the data folder beside a running server, which takes changes over within two seconds.</summary>
internal static class CredentialVerb
{
    public const string Help = """
        Usage: ioc credential add <user> [--device K] [--publish PATTERN]… [--subscribe PATTERN]… [--full]
                              [--certificate THUMBPRINT|SUBJECT] [--receive-maximum N] [--max-subscriptions N]
               ioc credential list
               ioc credential revoke <user>
               ioc credential hash

          add     reads the password as one line from standard input; without one it makes one and prints it, once.
                  A pattern is a topic filter in which {user}, {client} and {device} stand for the connection's own.
                  Without patterns and --full: what Mqtt:Rights allows.
          revoke  takes the credential out of force and ends its connections; its name is free again
          hash    reads a password from standard input and prints what Mqtt:Users:<name> takes

          --Data:Path data    the folder of the server
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            return await RunAsync(CredentialArguments.Parse(args), CancellationToken.None);
        }
        catch (Exception e) when (e is StorageException or IOException or UnauthorizedAccessException)
        {
            return await RefuseAsync(e.Message, withHelp: false);
        }
    }

    private static async Task<int> RunAsync(CredentialArguments parsed, CancellationToken stopping)
    {
        if (parsed.Fault is { } misunderstood)
            return await RefuseAsync(misunderstood, withHelp: true);

        switch (parsed.Action)
        {
            case "hash":
                return await HashAsync();
            case "add":
                parsed.Credential.Password = Console.IsInputRedirected ? await Console.In.ReadLineAsync(stopping) : null;
                if (parsed.Credential.Password is "")
                    parsed.Credential.Password = null;
                return parsed.Credential.Fault() is { } fault
                    ? await RefuseAsync(fault.Words, withHelp: false)
                    : await AddAsync(Ledger(parsed), parsed.Credential, stopping);
            case "list":
                return await ListAsync(Ledger(parsed), stopping);
            default:
                return await RevokeAsync(Ledger(parsed), parsed.Credential.UserName, stopping);
        }
    }

    // Where the server itself would look.
    private static AccessLedger Ledger(CredentialArguments parsed)
    {
        IConfiguration settings = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .Build();
        return AccessLedger.Open(Path.GetFullPath(parsed.DataPath ?? settings["Data:Path"] ?? "data"));
    }

    private static async Task<int> HashAsync()
    {
        if (await Console.In.ReadLineAsync() is not { Length: > 0 } password || Encoding.UTF8.GetByteCount(password) > PasswordHash.MaxPasswordBytes)
            return await RefuseAsync($"Give a password of 1 to {PasswordHash.MaxPasswordBytes} bytes on standard input.", withHelp: false);

        Console.WriteLine(PasswordHash.Of(Encoding.UTF8.GetBytes(password)).Encoded);
        return 0;
    }

    private static async Task<int> AddAsync(AccessLedger ledger, NewCredential credential, CancellationToken stopping)
    {
        (CredentialRow row, string? secret) = credential.Make(SystemClock.Instance.GetCurrentInstant());
        if (!await ledger.AddAsync(row, Actors.CommandLine, stopping))
            return await RefuseAsync($"'{row.UserName}' has a credential in force; revoke it first.", withHelp: false);

        await Console.Error.WriteLineAsync($"Credential '{row.UserName}' added.{(secret is null ? "" : " Its password, which is shown only now:")}");
        if (secret is not null)
            Console.WriteLine(secret);
        return 0;
    }

    private static async Task<int> ListAsync(AccessLedger ledger, CancellationToken stopping)
    {
        string? after = null;
        while (await ledger.CredentialsAsync(after, 1_000, stopping) is { Count: > 0 } page)
        {
            foreach (CredentialRow row in page)
                Console.WriteLine(Line(row));
            after = page[^1].UserName;
        }

        return 0;
    }

    private static string Line(CredentialRow row)
    {
        string rights = row.Full ? "full" : string.Join(' ', [.. CredentialText.Lines(row.Publish).Select(p => $"publish={p}"), .. CredentialText.Lines(row.Subscribe).Select(p => $"subscribe={p}")]);
        string opens = string.Join('+', new[] { row.Password is null ? null : "password", row.Certificate is null ? null : "certificate" }.OfType<string>());
        return $"{row.UserName}\t{(row.Enabled ? "in force" : "revoked")}\t{opens}\t{row.Device ?? "-"}\t{(rights.Length == 0 ? "default" : rights)}\t{row.ChangedAt}";
    }

    private static async Task<int> RevokeAsync(AccessLedger ledger, string user, CancellationToken stopping)
    {
        if (!await ledger.RevokeAsync(user, Actors.CommandLine, SystemClock.Instance.GetCurrentInstant(), stopping))
            return await RefuseAsync($"'{user}' has no credential in force.", withHelp: false);

        await Console.Error.WriteLineAsync($"Credential '{user}' revoked.");
        return 0;
    }

    private static async Task<int> RefuseAsync(string words, bool withHelp)
    {
        await Console.Error.WriteLineAsync($"ioc credential: {words}{(withHelp ? "\n\n" + Help : "")}");
        return 2;
    }
}

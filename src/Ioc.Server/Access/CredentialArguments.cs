using System.Globalization;

namespace Ioc.Server.Access;

/// <summary>The words behind <c>ioc credential</c>.</summary>
/// <param name="Action">add, list, revoke or hash.</param>
/// <param name="Credential">What the words say of it.</param>
/// <param name="DataPath">The server's data folder; null: where the settings say.</param>
/// <param name="Fault">What is not understood; null when everything is.</param>
internal sealed record CredentialArguments(string Action, NewCredential Credential, string? DataPath, string? Fault)
{
    private static readonly string[] Actions = ["add", "list", "revoke", "hash"];

    public static CredentialArguments Parse(string[] args)
    {
        var credential = new NewCredential();
        string? data = null;
        string? fault = args.Length == 0 || !Actions.Contains(args[0]) ? "Say add, list, revoke or hash." : null;
        bool takesUser = args is ["add" or "revoke", ..];
        int at = takesUser ? 2 : 1;
        if (fault is null && takesUser && (args.Length < 2 || args[1].StartsWith("--", StringComparison.Ordinal)))
            fault = $"{args[0]} needs a user name.";
        else if (takesUser && args.Length > 1)
            credential.UserName = args[1];

        for (; fault is null && at < args.Length; at++)
        {
            bool hasValue = at + 1 < args.Length;
            switch (args[at])
            {
                case "--Data:Path" when hasValue: data = args[++at]; break;
                case var path when path.StartsWith("--Data:Path=", StringComparison.Ordinal): data = path["--Data:Path=".Length..]; break;
                case "--full" when args[0] == "add": credential.Full = true; break;
                case var option when args[0] == "add" && hasValue && TrySet(credential, option, args[at + 1]): at++; break;
                default: fault = $"'{args[at]}' is not understood."; break;
            }
        }

        return new CredentialArguments(args.FirstOrDefault() ?? "", credential, data, fault);
    }

    private static bool TrySet(NewCredential credential, string option, string value)
    {
        bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        switch (option)
        {
            case "--device": credential.Device = value; return true;
            case "--certificate": credential.Certificate = value; return true;
            case "--publish": credential.Publish.Add(value); return true;
            case "--subscribe": credential.Subscribe.Add(value); return true;
            case "--receive-maximum" when isNumber: credential.ReceiveMaximum = number; return true;
            case "--max-subscriptions" when isNumber: credential.MaxSubscriptions = number; return true;
            default: return false;
        }
    }
}

using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Ioc.Mqtt.Packets;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Access;

/// <summary>Decides who may connect and what may be published. Immutable after start.</summary>
internal sealed class AccessPolicy
{
    private readonly bool _anonymous;
    private readonly Dictionary<string, byte[]> _passwords;

    public AccessPolicy(IOptions<BrokerOptions> options)
    {
        _anonymous = options.Value.IsAnonymousAllowed;
        _passwords = options.Value.Users.ToDictionary(user => user.Key, user => Encoding.UTF8.GetBytes(user.Value), StringComparer.Ordinal);
    }

    /// <summary>Success, or why this client is not let in.</summary>
    public ReasonCode Judge(in ConnectPacket connect)
    {
        if (!connect.HasUserName)
            return _anonymous ? ReasonCode.Success : ReasonCode.NotAuthorized;

        // Where nobody is listed, a name proves nothing and is taken as a label.
        if (_passwords.Count == 0)
            return _anonymous ? ReasonCode.Success : ReasonCode.BadUserNameOrPassword;

        bool known = _passwords.TryGetValue(Encoding.UTF8.GetString(connect.UserName), out byte[]? password);
        bool right = CryptographicOperations.FixedTimeEquals(connect.Password.ToArray(), password);
        return known && connect.HasPassword && right ? ReasonCode.Success : ReasonCode.BadUserNameOrPassword;
    }
}

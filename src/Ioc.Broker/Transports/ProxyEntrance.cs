using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Ioc.Broker.Transports;

/// <summary>Takes the PROXY header off a connection and gives it the device's own address. Stands before TLS: the header is never encrypted.</summary>
internal sealed class ProxyEntrance(IOptions<TransportOptions> options)
{
    private readonly IReadOnlyList<IPNetwork> _trusted = options.Value.TrustedNetworks;

    public ConnectionDelegate Enter(ConnectionDelegate next) => connection => EnterAsync(connection, next);

    private async Task EnterAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Turned? reason = IsTrusted(connection.RemoteEndPoint) ? await ReadAsync(connection) : Turned.ProxyNotTrusted;
        if (reason is null)
            await next(connection);
        else
            connection.Features.GetRequiredFeature<Passage>().Reason = reason;
    }

    private static async ValueTask<Turned?> ReadAsync(ConnectionContext connection)
    {
        PipeReader input = connection.Transport.Input;
        while (true)
        {
            ReadResult read;
            try
            {
                read = await input.ReadAsync();
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException)
            {
                return connection.Features.GetRequiredFeature<Passage>().Cut ?? Turned.Gone;
            }

            ReadOnlySequence<byte> buffer = read.Buffer;
            ProxyStatus status = ProxyHeader.TryRead(ref buffer, out ProxyHeader header);
            input.AdvanceTo(buffer.Start, status == ProxyStatus.NeedMore ? buffer.End : buffer.Start);
            if (status == ProxyStatus.Complete)
            {
                connection.RemoteEndPoint = header.Source ?? connection.RemoteEndPoint;
                connection.LocalEndPoint = header.Destination ?? connection.LocalEndPoint;
                return null;
            }

            if (status == ProxyStatus.Malformed)
                return Turned.ProxyHeaderMalformed;
            if (read.IsCompleted || read.IsCanceled)
                return connection.Features.GetRequiredFeature<Passage>().Cut ?? Turned.Gone;
        }
    }

    private bool IsTrusted(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address })
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        foreach (IPNetwork network in _trusted)
        {
            if (network.Contains(address))
                return true;
        }

        return false;
    }
}

using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace OpenClaw.ServiceDefaults.Management;

/// <summary>The certificate of the management listener, read from PEM files. Checks them at a handshake when the last check is <see
/// cref="Interval"/> old. Compares contents, because a mounted secret is replaced without a change of its links' times. If the files cannot
/// be read, the previous certificate stays in use.</summary>
internal sealed class ManagementCertificate
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ManagementCertificateOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private (string Certificate, string Key) _text;
    private SslServerAuthenticationOptions _current;
    private long _checkedAt;
    private string? _error;

    /// <summary>Reads the files, which have been validated.</summary>
    public ManagementCertificate(ManagementCertificateOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _text = ReadText(options);
        _current = Parse(_text);
        _checkedAt = time.GetTimestamp();
    }

    /// <summary>The current certificate, with its intermediate certificates.</summary>
    public SslServerAuthenticationOptions Current
    {
        get
        {
            lock (_lock)
            {
                if (_time.GetElapsedTime(_checkedAt) >= Interval)
                {
                    _checkedAt = _time.GetTimestamp();
                    Refresh();
                }

                return _current;
            }
        }
    }

    /// <summary>Tries to load a certificate.</summary>
    /// <param name="options">Its files.</param>
    /// <param name="error">One sentence that names the setting.</param>
    public static bool TryLoad(ManagementCertificateOptions options, out string error)
    {
        try
        {
            Parse(ReadText(options));
            error = "";
            return true;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            error = Describe(options, exception);
            return false;
        }
    }

    private void Refresh()
    {
        try
        {
            (string, string) text = ReadText(_options);
            if (text != _text)
            {
                _current = Parse(text);
                _text = text;
                Log.CertificateReplaced(_logger, _options.Path);
            }

            _error = null;
        }
        catch (Exception exception) when (IsExpected(exception))
        {
            string error = Describe(_options, exception);
            if (error != _error)
            {
                _error = error;
                Log.CertificateRefused(_logger, error);
            }
        }
    }

    private static (string Certificate, string Key) ReadText(ManagementCertificateOptions options)
    {
        string certificate = File.ReadAllText(options.Path);
        return (certificate, options.KeyPath.Length == 0 ? certificate : File.ReadAllText(options.KeyPath));
    }

    private static SslServerAuthenticationOptions Parse((string Certificate, string Key) text)
    {
        X509Certificate2Collection chain = [];
        chain.ImportFromPem(text.Certificate);
        X509Certificate2 certificate = X509Certificate2.CreateFromPem(text.Certificate, text.Key);
        return new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
        };
    }

    private static bool IsExpected(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    private static string Describe(ManagementCertificateOptions options, Exception exception)
    {
        const string Section = $"{ManagementOptions.Section}:Certificate";
        string files = options.KeyPath.Length == 0
            ? $"{Section}:Path is {options.Path}, which must be a PEM file with a certificate and its unencrypted key"
            : $"{Section}:Path is {options.Path} and {Section}:KeyPath is {options.KeyPath}, which must be PEM files with a certificate "
                + "and its unencrypted key";
        return $"{files}: {exception.Message}";
    }
}

namespace VpcComApi.TestSupport;

/// <summary>A temporary folder of a test.</summary>
public sealed class TestDirectory : IDisposable
{
    /// <summary>Makes an empty folder.</summary>
    public TestDirectory() => FullPath = Directory.CreateTempSubdirectory("vpccomapi-").FullName;

    /// <summary>The folder's full path.</summary>
    public string FullPath { get; }

    /// <summary>The full path of something in the folder.</summary>
    /// <param name="relativePath">Path below the folder.</param>
    public string PathOf(params ReadOnlySpan<string> relativePath) => Path.Combine([FullPath, .. relativePath]);

    /// <summary>Writes a text file into the folder and answers its full path.</summary>
    /// <param name="relativePath">Path below the folder.</param>
    /// <param name="content">The text.</param>
    public string WriteText(string relativePath, string content)
    {
        string path = PathOf(relativePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Deletes the folder with all that is in it. A file that is still held open fails the test: it is a leak.</summary>
    public void Dispose()
    {
        if (Directory.Exists(FullPath))
        {
            Directory.Delete(FullPath, recursive: true);
        }
    }
}

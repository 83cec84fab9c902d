' Drives a machine through its states and walks the object graph in each. The walk itself is generated from the contract and follows.
Option Explicit

Dim application, machine, task
Set application = CreateObject("VirtualPC.Application")
Set machine = application.FindVirtualMachine("Windows XP Mode")
Finish machine.Startup
WaitForGuest
WalkIn "running"
machine.Pause
WalkIn "paused"
machine.Resume
Finish machine.Save
WalkIn "saved"
machine.DiscardSavedState
WalkIn "off"
WScript.Echo "== done"

Sub WalkIn(state)
    WScript.Echo "== " & state
    Walk_IVMVirtualPC application, "application"
End Sub

Sub Finish(task)
    task.WaitForCompletion 60000
End Sub

' There is no Sleep in this script host.
Sub WaitForGuest()
    Dim name, tries
    On Error Resume Next
    For tries = 1 To 200000
        Err.Clear
        name = machine.GuestOS.OSName
        If Err.Number = 0 Then Exit For
    Next
    Err.Clear
End Sub

Sub Report(path, varies, value)
    Dim text, index
    If Err.Number <> 0 Then
        WScript.Echo path & " ! " & Hex(Err.Number)
        Err.Clear
        Exit Sub
    End If

    If varies Then
        text = "(varies)"
    ElseIf VarType(value) = 8204 Then
        text = "array " & (UBound(value) + 1)
        For index = 0 To UBound(value)
            If index < 8 Then text = text & "|" & CStr(value(index))
        Next
    ElseIf VarType(value) = 8209 Then
        ' Wine's UBound knows arrays of variants alone.
        text = "bytes"
    Else
        text = CStr(value)
    End If
    If Err.Number <> 0 Then text = "(type " & VarType(value) & ")"
    Err.Clear
    WScript.Echo path & " = " & text
End Sub

' Says what the path leads to, and answers whether there is an object.
Function Leads(path, interfaceName, target)
    Leads = False
    If Err.Number <> 0 Then
        WScript.Echo path & " ! " & Hex(Err.Number)
        Err.Clear
    ElseIf target Is Nothing Then
        WScript.Echo path & " : Nothing"
    Else
        WScript.Echo path & " : " & interfaceName
        Leads = True
    End If
End Function

Function CountOf(elements)
    Dim element
    On Error Resume Next
    CountOf = 0
    For Each element In elements
        CountOf = CountOf + 1
    Next
End Function

